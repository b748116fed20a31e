"""Exceptions in plain words: what a beginner's code has done when Python or NumPy says so.

The messages are those of Python 3.11 to 3.13 and NumPy 1.26 to 2.x.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["RULES", "Rule", "in_plain_words"]


@dataclass(frozen=True)
class Rule:
    """What an exception means.

    Attributes
    ----------
    pattern : str
        Regular expression that is looked for in ``TYPE: MESSAGE``.
    sentence : str
        Goes on after the place in the code. ``{0}`` is the whole match, ``{1}`` its first group.
    hint : str
        What to look at; the same replacements.
    """

    pattern: str
    sentence: str
    hint: str


_SHAPE = r"(\([\d, ]*\))"
_TYPE = r"'?(?:numpy\.)?(\w+)'?"
_PRINT_SHAPES = (
    "Print the shapes of both sides. Which axis should be the same, and is one transposed?"
)
_PRINT_TYPE = "What is it at that point? Print it, and its type."
_NONE = (
    "A function that ends without `return` returns None; so do `list.append` and `rng.shuffle`, "
    "which change their argument."
)

# The first that fits is taken, so the special ones come before the general ones.
RULES: tuple[Rule, ...] = (
    # Shapes that do not fit.
    Rule(
        rf"could not be broadcast together with shapes {_SHAPE} {_SHAPE}",
        "arrays of the shapes {1} and {2} meet, which do not fit.",
        _PRINT_SHAPES,
    ),
    Rule(
        rf"shapes {_SHAPE} and {_SHAPE} not aligned",
        "arrays of the shapes {1} and {2} meet in a product, which do not fit.",
        _PRINT_SHAPES,
    ),
    Rule(
        r"matmul: .*size (\d+) is different from (\d+)",
        "a matrix product meets an axis of size {2} on its left and one of size {1} on its right; "
        "they must be equal.",
        "Print the shapes of both sides: is one of them to be transposed?",
    ),
    Rule(
        r"matmul: Input operand [01] does not have enough dimensions",
        "one side of a matrix product is a single number.",
        "`@` wants arrays on both sides; a number times an array is written with `*`.",
    ),
    Rule(
        rf"non-broadcastable output operand with shape {_SHAPE} doesn't match .* shape {_SHAPE}",
        "an array of shape {1} is changed in place, and the result has the shape {2}.",
        "`+=` and its like keep the shape. Which shape should the right-hand side have?",
    ),
    Rule(
        r"remapped shapes|einstein sum|einsum",
        "the letters of `np.einsum` do not fit the shapes of its arrays.",
        "Write the shape of each array below its letters.",
    ),
    Rule(
        r"could not be broadcast together",
        "arrays meet whose shapes do not fit.",
        _PRINT_SHAPES,
    ),
    Rule(
        rf"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
        "an array of shape {1} is put into a place of shape {2}.",
        "Print the shapes of both sides of the `=`.",
    ),
    Rule(
        r"cannot copy sequence with size (\d+) to array axis with dimension (\d+)",
        "{1} values are put into a place for {2}.",
        "Print the shapes of both sides of the `=`.",
    ),
    Rule(
        rf"cannot reshape array of size (\d+) into shape {_SHAPE}",
        "{1} numbers are to fill the shape {2}, which has room for another number of them.",
        "How many numbers are there, always? On which inputs is it another number?",
    ),
    Rule(
        r"all the input array dimensions .* along dimension (\d+), the array at index \d+ has size "
        r"(\d+) and the array at index \d+ has size (\d+)",
        "arrays are put together of which one has size {2} along axis {1} and another size {3}.",
        "Print their shapes, and say along which axis they are put together.",
    ),
    Rule(
        r"all (the )?input arrays must have (the )?same (number of dimensions|shape)",
        "arrays of different shapes are put together.",
        "Print their shapes; `np.concatenate` joins along an axis that is there, `np.stack` makes "
        "a new one.",
    ),
    Rule(
        r"did not return an iterable|only integer scalar arrays can be converted to a scalar index",
        "arrays are handed over one by one where a list of them is wanted, or an array stands "
        "where one whole number is wanted.",
        "`np.concatenate` and its like take one list: `np.concatenate([a, b])`.",
    ),
    Rule(
        r"need at least one array to (concatenate|stack)",
        "an empty list of arrays is put together.",
        "On which inputs does your loop collect nothing?",
    ),
    Rule(
        r"zero-dimensional arrays cannot be concatenated",
        "single numbers are put together as if they were arrays.",
        "`np.array([a, b])` makes an array of numbers.",
    ),
    Rule(
        r"array split does not result in an equal division",
        "an array is split into parts of equal size, which does not come out even.",
        "The last part may have to be smaller: see `np.array_split`, or slice it yourself.",
    ),
    Rule(
        r"inhomogeneous shape",
        "an array is made of lists of different lengths.",
        "Print the lengths of what you put together.",
    ),
    Rule(
        r"setting an array element with a sequence",
        "several numbers are put into one entry of an array.",
        "Which shape has the right-hand side, and which the place that it goes into?",
    ),
    # Indexing.
    Rule(
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        "entry number {1} is asked for along axis {2}, of size {3}; entries are counted from 0.",
        "Is it the right axis, and is the number one too large?",
    ),
    Rule(
        r"axis (-?\d+) is out of bounds for array of dimension 0",
        "axis {1} is asked for of a single number, which has none.",
        "Is it an array at that point? Print its shape.",
    ),
    Rule(
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "axis {1} is asked for of an array whose number of axes is {2}; they are counted from 0.",
        "Print the array's shape: has it as many axes as you think?",
    ),
    Rule(
        r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        "an array is indexed with {2} numbers and has fewer axes, {1}.",
        "How many axes has it? Print its shape.",
    ),
    Rule(
        r"boolean index did not match indexed array along (?:axis|dimension) (\d+); "
        r"(?:size of axis|dimension) is (\d+) but "
        r"(?:size of )?corresponding boolean (?:axis|dimension) is (\d+)",
        "a mask of length {3} picks along axis {1}, which has {2} entries.",
        "Over which axis does the mask run? It needs one True or False for each entry.",
    ),
    Rule(
        r"only integers, slices .* are valid indices",
        "an array is indexed with something that is no whole number.",
        "`/` makes a float, even of 4 / 2; `//` and `int` make whole numbers.",
    ),
    Rule(
        r"arrays used as indices must be of integer",
        "an array is indexed with an array of floats.",
        "Indices are whole numbers, masks are True and False. Which of the two do you want?",
    ),
    Rule(
        r"(list|tuple) index out of range|(pop) (index out of range|from empty list)",
        "an entry of a list is asked for that is not there.",
        "Entries are counted from 0; the last has the number len - 1.",
    ),
    Rule(
        r"(list|tuple) indices must be integers or slices, not tuple",
        "a {1} is indexed like an array, with a comma.",
        "Lists of lists are indexed one after the other, `a[i][j]`; or make an array of it first.",
    ),
    Rule(
        r"(list|tuple|string) indices must be integers(?: or slices)?, not '?([\w.]+)",
        "a {1} is indexed with a {2}.",
        "Entries of a list have numbers, those of a dictionary have names. Which of them is it?",
    ),
    Rule(
        r"'(tuple|str|range)' object does not support item assignment",
        "an entry of a {1} is set, which cannot be changed.",
        "Make a new one, or use a list or an array.",
    ),
    Rule(
        r"KeyError: (.+)",
        "a dictionary is asked for {1}, which is not in it.",
        "Which keys are in it at that point? Print them; is one spelled differently?",
    ),
    Rule(
        r"is out of bounds|out of bounds",
        "an entry is asked for that is not there.",
        "Is it the right axis, and is the number one too large?",
    ),
    Rule(
        r"(?:assignment destination|output array|buffer source array) is read-only",
        "an array is changed that belongs to the caller.",
        "Arguments are to stay as they are: change a copy (`x.copy()`), or make a new array.",
    ),
    # None.
    Rule(r"'NoneType' object is not callable", "None is called like a function.", _NONE),
    Rule(r"'?NoneType'?", "something is None that should be a number, an array or a list.", _NONE),
    # Kinds of numbers.
    Rule(
        r"Cannot cast ufunc '(\w+)' output from dtype\('[<>=|]?(\w+)'\) to "
        r"dtype\('[<>=|]?(\w+)'\)",
        "an array of {3} is changed in place, and the result is {2}.",
        "An array keeps its kind of number. Make one of floats first: `x.astype(float)`, or start "
        "with `0.0`; or write `x = x - …`, which makes a new array.",
    ),
    Rule(
        r"Integers to negative integer powers",
        "whole numbers are raised to a negative power.",
        "Floats can be: write `2.0` or use `.astype(float)`.",
    ),
    Rule(
        r"only (?:0-dimensional|size-1|length-1) arrays can be converted|"
        r"can only be converted to Python scalar",
        "a whole array stands where a single number is wanted.",
        "Functions of `math` and `float` take one number; those of NumPy take arrays.",
    ),
    Rule(
        r"truth value of an (?:array|empty array)",
        "a whole array stands where True or False is wanted: in an `if`, `and`, `or`, `not`, `max` "
        "or `min`.",
        "Do you mean every entry, any entry, or each for itself (`np.where`, `&`, `|`, "
        "`np.maximum`)?",
    ),
    Rule(
        r"could not convert string to float: (.+)|invalid literal for int\(\).*: (.+)",
        "a text is turned into a number that is none.",
        _PRINT_TYPE,
    ),
    Rule(
        r"'(float|numpy\.float64)' object cannot be interpreted as an integer",
        "a float stands where a whole number is wanted: as a size, a count or in `range`.",
        "`/` makes a float, even of 4 / 2; `//` and `int` make whole numbers.",
    ),
    Rule(
        r"'(?:numpy\.)?(\w+)' object cannot be interpreted as an integer",
        "a {1} stands where a whole number is wanted: as a size, a count, an axis or in `range`.",
        "Is it one number? A shape of several axes is one argument: `np.zeros((2, 3))`.",
    ),
    Rule(
        r"Cannot interpret '(.+)' as a data type|data type '(.+)' not understood",
        "the second argument is taken for a kind of number.",
        "A shape of several axes is one argument: `np.zeros((2, 3))`, with two pairs of brackets.",
    ),
    Rule(
        r"ufunc '(\w+)' not supported for the input types|loop of ufunc does not support",
        "NumPy calculates with something that holds no numbers.",
        "Is a list, a text or a function among them? Print the types.",
    ),
    Rule(
        r"ufunc '(\w+)' did not contain a loop",
        "NumPy's {1} meets something that holds no numbers.",
        "Is a list, a text or a function among them? Print the types.",
    ),
    Rule(
        r"numpy boolean (subtract|negative|negation)|boolean negative",
        "True and False are subtracted or negated like numbers.",
        "Make numbers of them first (`.astype(int)`), or use `~` for not.",
    ),
    # Calls.
    Rule(
        r"(?:\w+\.)*(\w+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)",
        "{1} is called without {2}.",
        "Compare the call with the function's first line.",
    ),
    Rule(
        r"(?:\w+\.)*(\w+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) "
        r"(?:positional argument|w)",
        "{1} is called with {3} arguments and takes {2}.",
        "Count the arguments between the brackets; arrays of several numbers need `[ ]` around "
        "them.",
    ),
    Rule(
        r"(?:\w+\.)*(\w+)\(\) got an unexpected keyword argument '(\w+)'",
        "{1} is called with {2}=, which it does not have.",
        "Is it spelled as in the function's first line? NumPy's are `axis` and `keepdims`.",
    ),
    Rule(
        r"(?:\w+\.)*(\w+)\(\) got multiple values for argument '(\w+)'",
        "{1} gets {2} twice, by its place and by its name.",
        "Count the arguments: which of them is meant to be {2}?",
    ),
    Rule(
        r"function missing required argument '(\w+)'",
        "a function is called without '{1}'.",
        "Compare the call with the function's first line.",
    ),
    Rule(
        r"(?:\w+\.)*(\w+)\(\) takes at most (\d+) (?:positional )?arguments? \((\d+) given\)",
        "{1} is called with {3} arguments and takes {2}.",
        "Count the arguments; a shape of several axes is one of them: `size=(2, 3)`.",
    ),
    Rule(
        rf"{_TYPE} object is not callable",
        "a {1} is called like a function.",
        "Is a `*` missing before a bracket, a pair of brackets too many, or a name used twice?",
    ),
    Rule(
        r"either both or neither of x and y should be given",
        "`np.where` gets two arguments.",
        "It takes a condition alone, or a condition and what stands for True and for False.",
    ),
    # What a thing has and has not.
    Rule(
        r"'(?:numpy\.)?ndarray' object has no attribute '(append|extend|insert|remove|index)'",
        "an array is asked for .{1}, which lists have and arrays have not.",
        "Collect in a list and make an array of it at the end, or write into an array of zeros.",
    ),
    Rule(
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "{1} is asked for {2}, which it does not have.",
        "Is it spelled rightly, and is it of this module?",
    ),
    Rule(
        rf"{_TYPE} object has no attribute '(\w+)'",
        "a {1} is asked for .{2}, which it does not have.",
        "Which kind of thing is it at that point? Arrays, lists and numbers offer different "
        "things; `np.array` makes an array of a list.",
    ),
    Rule(
        r"cannot unpack non-iterable (?:numpy\.)?(\w+) object",
        "a single {1} is taken apart into several values.",
        "A loop over an array gives its entries alone; `enumerate` gives numbers and entries, "
        "`zip` goes through several things together.",
    ),
    Rule(
        r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)",
        "something is taken apart into {1} values and holds {2}.",
        "What does it hold? Print it; a call returns as many values as its `return` names.",
    ),
    Rule(
        r"too many values to unpack \(expected (\d+)(?:, got \d+)?\)",
        "something is taken apart into {1} values and holds more.",
        "What does it hold? Print it; a loop over two things at once needs `zip` or `enumerate`.",
    ),
    Rule(
        r"invalid index to scalar variable",
        "a single number is indexed with [ ], and has no entries.",
        "How many axes has the array? One of them may have been picked or summed already.",
    ),
    Rule(
        rf"{_TYPE} object is not subscriptable",
        "a {1} is indexed with [ ], and has no entries.",
        _PRINT_TYPE,
    ),
    Rule(
        rf"{_TYPE} object is not iterable|iteration over a 0-d array",
        "something is gone through, or taken apart, that is a single thing.",
        "To count from 0, write `range(n)`. " + _PRINT_TYPE,
    ),
    Rule(
        r"object of type '?(?:numpy\.)?(\w+)'? has no len\(\)|len\(\) of unsized object",
        "the length of a single thing is asked for.",
        _PRINT_TYPE,
    ),
    Rule(
        rf"{_TYPE} object is not an iterator",
        "`next` is asked of a {1}.",
        "`iter` makes something that `next` goes through; a `for` loop needs neither.",
    ),
    Rule(
        rf"unhashable type: {_TYPE}",
        "a {1} is used as a key of a dictionary or as a member of a set.",
        "Keys cannot be changed: make a tuple of it, or bytes (`x.tobytes()`).",
    ),
    Rule(
        rf"unsupported operand type\(s\) for ([^:]+): {_TYPE} and {_TYPE}",
        "a {2} and a {3} meet at {1}, which do not go together.",
        "Which of them should be a number or an array? `np.array` makes an array of a list.",
    ),
    Rule(
        rf"'([<>=!]+)' not supported between instances of {_TYPE} and {_TYPE}",
        "a {2} and a {3} are compared by {1}, which do not go together.",
        "Which of them should be a number or an array? `np.array` makes an array of a list.",
    ),
    Rule(
        r"can't multiply sequence by non-int",
        "a list, a tuple or a text is multiplied by a float.",
        "What is it at that point, and what should it be? A list of numbers becomes an array by "
        "`np.array(values)`, and a name stands for a value that has to be looked up.",
    ),
    Rule(
        r"can only concatenate (\w+) \(not \"(?:numpy\.)?([\w.]+)\"\) to",
        "a {1} and a {2} are added.",
        "Which of them should be a number or an array?",
    ),
    Rule(
        rf"bad operand type for ([^:]+): {_TYPE}",
        "{1} is applied to a {2}.",
        "Which of them should be a number or an array? `np.array` makes an array of a list.",
    ),
    Rule(
        r"type (?:numpy\.)?(\w+) doesn't define __round__|unsupported format string passed to",
        "a whole array stands where a single number is wanted: in `round` or in a text.",
        "`np.round` takes arrays.",
    ),
    Rule(
        r"cannot convert dictionary update sequence",
        "a dictionary is made of something that holds no pairs.",
        "Write `{{name: value}}`, or go through names and values with `zip`.",
    ),
    # Numbers that go too far, and empty things.
    Rule(
        r"array is too big|Maximum allowed (?:dimension|size) exceeded|Unable to allocate",
        "an array is made that is far too large.",
        "Which numbers give it its size, and how large or negative may they be?",
    ),
    Rule(
        r"Need at least \d+ and at most (\d+) array objects",
        "more arrays are handed over at once than NumPy takes, {1}.",
        "`np.choose` takes few choices; an index takes any number: `x[rows, columns]`.",
    ),
    Rule(
        r"ZeroDivisionError|(?:division|modulo) by zero",
        "something is divided by zero.",
        "What is zero there, and may it be?",
    ),
    Rule(
        r"math range error|OverflowError: \(34",
        "a number gets too large for a float.",
        "Which intermediate result grows so fast? Find a form in which it does not.",
    ),
    Rule(
        r"FloatingPointError: (overflow|underflow) encountered in (\w+)",
        "a number gets too large or too small on the way, in {2}.",
        "Which intermediate result grows so fast? Find a form in which it does not, for any input.",
    ),
    Rule(
        r"FloatingPointError: (divide by zero|invalid value) encountered in (\w+)",
        "there is a {1} in {2} on the way.",
        "Is 0 divided by, or the logarithm of 0 taken? `np.where` computes both of its sides.",
    ),
    Rule(
        r"math domain error|expected a (?:positive|nonnegative) input",
        "`math` is asked for the logarithm or the root of a number that has none.",
        "Which number is it? The logarithm wants one above 0, the root one from 0 on.",
    ),
    Rule(
        r"zero-size array|of an empty sequence|arg is an empty sequence|iterable argument is empty",
        "the largest, smallest or best of nothing is asked for.",
        "On which inputs is the array or list empty, and what is right then?",
    ),
    Rule(
        r"a must be (?:greater than 0|a positive integer) unless|a cannot be empty|"
        r"low >= high|high <= 0",
        "something is drawn at random where there is nothing to choose from.",
        "On which inputs is it empty, and what is right then?",
    ),
    Rule(
        r"Cannot take a larger sample than population",
        "more entries are drawn than there are, each at most once.",
        "How many are there? `replace=True` would put each back.",
    ),
    Rule(
        r"probabilities (do not sum to 1|are not non-negative|contain NaN)",
        "the probabilities that are drawn with do not sum to 1, or are negative.",
        "Print their sum.",
    ),
    Rule(
        r"Singular matrix",
        "a matrix is inverted, or solved with, that cannot be.",
        "Are its rows or columns multiples of each other?",
    ),
    Rule(
        r"Last 2 dimensions of the array must be square|must be square",
        "a matrix is inverted, or solved with, that is not square.",
        "Print its shape. `np.linalg.lstsq` takes others.",
    ),
    Rule(
        r"negative dimensions are not allowed",
        "an array of a negative size is made.",
        "How is the size computed, and when does it go below 0?",
    ),
    Rule(
        r"range\(\) arg 3 must not be zero",
        "a loop takes steps of 0.",
        "What is the step there?",
    ),
    Rule(
        r"Exceeds the limit .* for integer string|int too large to convert|"
        r"too large to convert to",
        "a whole number gets far too large.",
        "Which number grows so fast? A float would overflow, a whole number grows on.",
    ),
    Rule(
        r"No module named '([\w.]+)'",
        "{1} is imported, which is not there when your notebook is graded.",
        "NumPy is; it does all that is needed.",
    ),
    Rule(
        r"cannot import name '(\w+)' from '([\w.]+)'",
        "{1} is imported from {2}, which does not have it.",
        "Is it spelled rightly, and is it of this module?",
    ),
    Rule(
        r"StopIteration",
        "`next` is asked of something that has nothing left.",
        "A `for` loop ends by itself.",
    ),
    Rule(
        r"RecursionError|maximum recursion depth",
        "a function calls itself without end.",
        "When does it stop calling itself?",
    ),
    Rule(
        r"AssertionError",
        "an `assert` of your own does not hold when your notebook is graded.",
        "Which inputs does it forget? Asserts belong into cells for trying out.",
    ),
    Rule(
        r"FileNotFoundError|No such file or directory",
        "a file is opened that is not there when your notebook is graded.",
        "A function gets all that it needs as its arguments.",
    ),
    Rule(
        r"(?:PermissionError|BlockingIOError): (?:\[Errno -?\d+\] )?([\w ]+)",
        "something is done that your notebook may not do while it is graded: {1}.",
        "It may use no network, no other programs and no files but its own.",
    ),
    Rule(
        r"Unknown format code",
        "a number is put into a text in a form that it does not have.",
        "`d` is for whole numbers, `f` and `g` are for floats.",
    ),
)
_COMPILED = tuple((re.compile(rule.pattern, re.DOTALL), rule) for rule in RULES)


def in_plain_words(kind: str, message: str) -> tuple[str, str] | None:
    """What an exception means.

    Parameters
    ----------
    kind, message : str
        Type and message of the exception.

    Returns
    -------
    tuple of (str, str) or None
        A sentence that goes on after the place, and a hint; None if no rule fits.
    """
    text = f"{kind}: {message}"
    return next(_fitting(text), None)


def _fitting(text: str) -> Iterator[tuple[str, str]]:
    for pattern, rule in _COMPILED:
        if found := pattern.search(text):
            parts = (found[0], *(_DTYPES.get(one or "", one or "") for one in found.groups()))
            yield _a(rule.sentence.format(*parts)), rule.hint.format(*parts)


# NumPy's short names of kinds of numbers.
_DTYPES = {"i8": "int64", "i4": "int32", "f8": "float64", "f4": "float32"}
# What students call things.
_KINDS = {
    "ndarray": "array",
    "int": "whole number",
    "int64": "whole number",
    "int32": "whole number",
    "float64": "float",
    "float32": "float",
    "bool": "truth value",
    "str": "text",
    "dict": "dictionary",
    "builtin_function_or_method": "function",
    "NoneType": "None",
}


def _a(sentence: str) -> str:
    """A sentence whose ``a KIND`` reads as students say it, with the right article."""

    def said(found: re.Match[str]) -> str:
        kind = _KINDS.get(found[2], found[2])
        return f"{'an' if kind[0] in 'aeiou' else 'a'}{found[1] or ''} {kind}"

    return re.sub(r"\ba( single)? (\w+)\b", said, sentence)
