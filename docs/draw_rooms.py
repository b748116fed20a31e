"""Draw docs/rooms.svg from the imports in autograder/nngrade, so that the picture never lies.

``python docs/draw_rooms.py`` writes the picture; with ``--check`` it writes nothing, and ends with
1 where the picture that is there is out of date.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import combinations, pairwise, permutations, product
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ENGINE = DOCS.parent / "autograder" / "nngrade"
PICTURE = DOCS / "rooms.svg"

# Workers begin in the first module; the second is what judges them.
UNTRUSTED, TRUSTED = "worker.zygote", "grading.grader"

# A few words for each room; a room without any is drawn with its name alone.
CAPTIONS = {
    "api": "grade() and report()",
    "audit": "tests the checks",
    "authoring": "lessons to notebooks",
    "catalogue": "known mistakes: staff only",
    "class_report": "a page on a class",
    "commands": "one module a command",
    "course": "lessons, checks, references",
    "diagnosis": "reasons that may be public",
    "formats": "one module a format",
    "gradebook": "class runs, nbgrader",
    "gradescope": "its zip, and what runs there",
    "grading": "one submission, its checks",
    "handout": "what students get",
    "live": "cells that answer",
    "personal_data": "what is kept of one student",
    "questions": "what answers are right",
    "practice": "one's own code, step by step",
    "runs": "many at a time",
    "students": "groups, due dates, late days",
    "submissions": "found, read, recovered",
    "watching": "what arrives in a folder",
    "worker": "student code, sandboxed",
}

WIDTH, MARGIN = 900, 34
ROOM_WIDTH, ROOM_HEIGHT, LINE_WIDTH = 196, 44, 16
STOREY, TOP = 86, 92
INK, FAINT, PAPER, ROOM, GROUND = "#1f2937", "#57606a", "#ffffff", "#eef4fb", "#f3f0e7"
EDGE, LINE, RED = "#3b6ea5", "#5b7896", "#b42318"


def imports_of(path: Path, names: frozenset[str]) -> set[str]:
    """The modules of the engine that a file imports, at its top or inside of functions.

    Parameters
    ----------
    path : Path
        Of a module of the engine.
    names : frozenset of str
        All of its modules, as ``room.module``.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
        else:
            continue
        found |= {name.removeprefix("nngrade.") for name in wanted if name.startswith("nngrade.")}
    return found & names


def defines(path: Path) -> bool:
    """Whether a module has anything of its own: those that only pass old names on have not."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in body)


@dataclass(frozen=True)
class House:
    """The engine's rooms, and what imports what.

    Attributes
    ----------
    modules : mapping of str to set of str
        Each module that defines something, and the modules that it imports.
    """

    modules: dict[str, set[str]]

    @property
    def rooms(self) -> list[str]:
        """The packages."""
        return sorted({name.split(".")[0] for name in self.modules if "." in name})

    @property
    def ground(self) -> list[str]:
        """The modules that stand in no room and need none."""
        return [name for name in self._loose if not self._is_front(name)]

    @property
    def imports(self) -> dict[str, set[str]]:
        """Each room, and the rooms that it imports; modules that stand before rooms count as one.

        The ground is left out.
        """
        drawn = {*self.rooms, *filter(self._is_front, self._loose)}
        found: dict[str, set[str]] = {one: set() for one in sorted(drawn)}
        for name, wanted in self.modules.items():
            if (room := name.split(".")[0]) in drawn:
                found[room] |= {one.split(".")[0] for one in wanted} & drawn - {room}
        return found

    @property
    def _loose(self) -> list[str]:
        return sorted(name for name in self.modules if "." not in name)

    def _is_front(self, name: str) -> bool:
        return any("." in one for one in self.reached_from(name))

    def reached_from(self, name: str) -> set[str]:
        """The module and all that it imports, and these in turn."""
        reached, waiting = set(), [name]
        while waiting:
            if (one := waiting.pop()) not in reached:
                reached.add(one)
                waiting.extend(self.modules[one])
        return reached


def read_house(engine: Path = ENGINE) -> House:
    """Read the engine's modules.

    Raises
    ------
    SyntaxError
        When one of them is no Python.
    """
    paths = {
        ".".join(path.relative_to(engine).with_suffix("").parts): path
        for path in sorted(engine.rglob("*.py"))
        if path.name not in ("__init__.py", "__main__.py") and path.parent.name != "templates"
    }
    own = {name: path for name, path in paths.items() if defines(path)}
    return House({name: imports_of(path, frozenset(own)) for name, path in own.items()})


def floors_of(imports: dict[str, set[str]]) -> dict[str, int]:
    """Each room's floor: the length of the longest way down from it, 1 for a room on the ground.

    Raises
    ------
    ValueError
        When rooms import each other in a circle.
    """
    floors: dict[str, int] = {}
    while len(floors) < len(imports):
        ready = [
            room for room in sorted(imports) if room not in floors and imports[room] <= set(floors)
        ]
        if not ready:
            raise ValueError(f"a circle of imports: {sorted(set(imports) - set(floors))}")
        for room in ready:
            floors[room] = 1 + max((floors[one] for one in imports[room]), default=0)
    return floors


def reduced(imports: dict[str, set[str]]) -> dict[str, set[str]]:
    """The imports without those that follow from others (the transitive reduction)."""
    below: dict[str, set[str]] = {}
    for room in sorted(imports, key=floors_of(imports).__getitem__):
        below[room] = imports[room].union(*(below[one] for one in imports[room]))
    return {
        room: {one for one in wanted if not any(one in below[other] for other in wanted)}
        for room, wanted in imports.items()
    }


@dataclass
class Plan:
    """Where everything stands.

    A line that passes floors without a stop has a place on each of them, called ``>ROOM`` after the
    room where it ends; lines to the same room share it.

    Attributes
    ----------
    storeys : list of list of str
        From the lowest to the highest: rooms and passing lines, from left to right.
    lines : list of list of (str, int)
        For each arrow its places, from above to below, with their floors.
    x : dict of (str, int) to float
        The middle of each place.
    """

    storeys: list[list[str]]
    lines: list[list[tuple[str, int]]]
    x: dict[tuple[str, int], float] = field(default_factory=dict)

    @property
    def steps(self) -> set[tuple[tuple[str, int], tuple[str, int]]]:
        """The lines' pieces from floor to floor."""
        return {step for line in self.lines for step in pairwise(line)}

    def rivals(self, floors: Iterable[int]) -> list[tuple[tuple[str, int], ...]]:
        """Pairs of pieces that may cross, of those that begin on these floors."""
        wanted = set(floors)
        return [
            (a, b, c, d)
            for (a, b), (c, d) in combinations(sorted(self.steps), 2)
            if a[1] == c[1] and a[1] in wanted
        ]


def crossings(
    rivals: Iterable[tuple[tuple[str, int], ...]], storeys: Iterable[Iterable[str]], lowest: int
) -> int:
    """How often lines would cross if the floors, from the lowest on, were in these orders."""
    at = {(name, i): k for i, row in enumerate(storeys, lowest) for k, name in enumerate(row)}
    return sum((at[a] - at[c]) * (at[b] - at[d]) < 0 for a, b, c, d in rivals)


def plan_of(house: House) -> Plan:
    """Put rooms on floors, and in an order in which few lines cross."""
    arrows, floors = reduced(house.imports), floors_of(house.imports)
    storeys: list[list[str]] = [[] for _ in range(max(floors.values()))]
    for room in arrows:
        storeys[floors[room] - 1].append(room)
    lines = []
    for room in arrows:
        for target in sorted(arrows[room]):
            between = range(floors[room] - 1, floors[target], -1)
            for floor in between:
                if f">{target}" not in storeys[floor - 1]:
                    storeys[floor - 1].append(f">{target}")
            passing = [(f">{target}", floor) for floor in between]
            lines.append([(room, floors[room]), *passing, (target, floors[target])])
    plan = Plan(storeys, lines)
    _untangle(plan)
    _spread(plan)
    return plan


def _untangle(plan: Plan) -> None:
    """Order each floor for the fewest crossings with the floors next to it, again and again."""
    while True:
        # Two floors at a time: one alone is often held in place by the other.
        for i in range(len(plan.storeys)):
            pair = plan.storeys[i : i + 2]
            rivals = plan.rivals((i + 1, i + 2, i + 3))  # no others change
            best = crossings(rivals, plan.storeys, 1)
            for orders in product(*(permutations(sorted(row)) for row in pair)):
                # The floors next to them stay, and those further away change nothing.
                near = [plan.storeys[i - 1] if i else [], *orders, *plan.storeys[i + 2 : i + 3]]
                if crossings(rivals, near, i) < best:
                    plan.storeys = [*plan.storeys[:i], *map(list, orders), *plan.storeys[i + 2 :]]
                    break
            else:
                continue
            break
        else:
            return


def _spread(plan: Plan) -> None:
    """Give each place its middle: near those it is tied to, as far as there is room."""
    left, right = float(MARGIN + 20), float(WIDTH - MARGIN)

    def wide(name: str) -> float:
        return LINE_WIDTH if name.startswith(">") else ROOM_WIDTH

    for floor, row in enumerate(plan.storeys, 1):
        gap = (right - left - sum(map(wide, row))) / (len(row) + 1)
        at = left
        for name in row:
            plan.x[name, floor] = at + gap + wide(name) / 2
            at += gap + wide(name)
    steps = sorted(plan.steps)  # sums of floats depend on their order
    for sweep in range(40):
        order = list(enumerate(plan.storeys, 1))
        for floor, row in order if sweep % 2 else reversed(order):
            wish = []
            for name in row:
                place = (name, floor)
                tied = [b for a, b in steps if a == place]
                tied += [a for a, b in steps if b == place]
                wish.append(sum(plan.x[one] for one in tied) / len(tied) if tied else WIDTH / 2)
            at = left
            middles = []
            for name, middle in zip(row, wish, strict=True):
                at = max(at, middle - wide(name) / 2) + wide(name)
                middles.append(at - wide(name) / 2)
                at += 26
            at = right
            for k in range(len(row) - 1, -1, -1):
                middles[k] = min(middles[k], at - wide(row[k]) / 2)
                at = middles[k] - wide(row[k]) / 2 - 26
            for name, middle in zip(row, middles, strict=True):
                plan.x[name, floor] = middle
    outermost = [plan.x[row[k], i] for i, row in enumerate(plan.storeys, 1) for k in (0, -1)]
    shift = (left + right - min(outermost) - max(outermost)) / 2
    for place, middle in plan.x.items():
        plan.x[place] = round(middle + shift, 1)


def _text(x: float, y: float, words: str, size: int = 12, **other: str) -> str:
    style = {
        "fill": INK,
        "text-anchor": "middle",
        **{k.replace("_", "-"): v for k, v in other.items()},
    }
    listed = " ".join(f'{key}="{value}"' for key, value in style.items())
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" {listed}>{escape(words)}</text>'


def _box(x: float, y: float, width: float, height: float, fill: str, stroke: str) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="7" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.3"/>'
    )


def _rooms(plan: Plan, house: House) -> Iterator[str]:
    """The arrows, and the rooms on top of them."""
    highest = len(plan.storeys)

    def y(floor: int) -> float:
        return TOP + (highest - floor) * STOREY

    ends: dict[tuple[tuple[str, int], bool], set[tuple[str, int]]] = {}
    for line in plan.lines:
        ends.setdefault((line[0], False), set()).add(line[1])
        ends.setdefault((line[-1], True), set()).add(line[-2])

    def port(place: tuple[str, int], is_end: bool, other: tuple[str, int]) -> float:
        tied = sorted(ends[place, is_end], key=plan.x.__getitem__)
        rank = tied.index(other)
        return plan.x[place] + (rank - (len(tied) - 1) / 2) * min(34, 130 / len(tied))

    for line in plan.lines:
        at = (port(line[0], False, line[1]), y(line[0][1]) + ROOM_HEIGHT)
        path = f"M{at[0]:g},{at[1]:g}"
        for place in line[1:]:
            is_end = place == line[-1]
            x = port(place, True, line[-2]) if is_end else plan.x[place]
            top = y(place[1]) - (3 if is_end else 0)
            middle = (at[1] + top) / 2
            path += f" C{at[0]:g},{middle:g} {x:g},{middle:g} {x:g},{top:g}"
            if not is_end:
                path += f" V{top + ROOM_HEIGHT:g}"
            at = (x, top + ROOM_HEIGHT)
        yield (
            f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.5" '
            'marker-end="url(#arrow)"/>'
        )
    for floor, row in enumerate(plan.storeys, 1):
        yield _text(MARGIN - 6, y(floor) + 27, str(floor), 12, fill=FAINT)
        for name in row:
            if name.startswith(">"):
                continue
            x = plan.x[name, floor]
            yield _box(x - ROOM_WIDTH / 2, y(floor), ROOM_WIDTH, ROOM_HEIGHT, ROOM, EDGE)
            caption = CAPTIONS.get(name, "")
            title = name if name in house.rooms else f"{name}.py"
            yield _text(x, y(floor) + (18 if caption else 26), title, 14, font_weight="bold")
            if caption:
                yield _text(x, y(floor) + 35, caption, 12)


def _wrapped(words: Iterable[str], longest: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(word) + 3 <= longest:
            lines[-1] += f" · {word}"
        else:
            lines.append(word)
    return lines


def _boundary(house: House, top: float) -> tuple[list[str], float]:
    """The two processes that a grading consists of, and what of the engine is in each."""
    here = {*house.ground, *(name for name in house.modules if name.startswith("worker."))}
    inside, outside = (house.reached_from(one) & here for one in (UNTRUSTED, TRUSTED))
    left = ["all other rooms", *_names(outside - inside)]
    columns = [
        (322, EDGE, ROOM, "the grader: trusted", "checks, references, expected values", left),
        (150, FAINT, GROUND, "in both", "", _names(outside & inside)),
        (
            322,
            RED,
            "#fdf1ef",
            "the worker: not trusted",
            "what a student wrote",
            _names(inside - outside),
        ),
    ]
    rows = [_wrapped(names, width // 8) for width, *_, names in columns]
    height = 74 + 18 * max(map(len, rows))
    y = top + 46
    found = [
        _text(MARGIN, top, "The trust boundary", 17, font_weight="bold", text_anchor="start"),
        _text(
            MARGIN,
            top + 21,
            "Two processes, and what each imports of the room worker and of the ground.",
            12,
            text_anchor="start",
        ),
        f'<path d="M{WIDTH / 2:g},{top + 30:g} V{y + height + 12:g}" stroke="{RED}" '
        'stroke-width="2.5" stroke-dasharray="7 5"/>',
    ]
    x = float(MARGIN)
    for (width, colour, fill, title, note, _), row in zip(columns, rows, strict=True):
        if note:
            found.append(_box(x, y, width, height, fill, colour))
        else:
            # The boundary goes through what is on both sides of it, and shows above and below.
            found.append(_box(x, y + 28, width, height - 56, fill, colour))
        found.append(_text(x + width / 2, y + (24 if note else 50), title, 14, font_weight="bold"))
        if note:
            found.append(_text(x + width / 2, y + 44, f"holds {note}", 12))
        for number, line in enumerate(row):
            found.append(_text(x + width / 2, y + (68 if note else 72) + 18 * number, line, 12))
        x += width + 19
    below = y + height + 30
    words = "nothing crosses but frames of plain data, which worker/wire.py writes and reads"
    found.append(_text(WIDTH / 2, below, words, 13, fill=RED, font_weight="bold"))
    return found, below + 22


def _names(modules: Iterable[str]) -> list[str]:
    return sorted(name.removeprefix("worker.") for name in modules)


def draw(house: House) -> str:
    """The picture, as the text of an SVG file; the same for the same imports."""
    plan = plan_of(house)
    below = TOP + len(plan.storeys) * STOREY
    inner = WIDTH - 2 * MARGIN
    parts = [
        _text(MARGIN, 34, "The rooms of nngrade", 17, font_weight="bold", text_anchor="start"),
        _text(
            MARGIN,
            56,
            "An arrow: imports. Left out: arrows that follow from others (the transitive "
            "reduction), and those to the ground.",
            12,
            text_anchor="start",
        ),
        *_rooms(plan, house),
        _box(MARGIN, below, inner, ROOM_HEIGHT, GROUND, "#8a7d55"),
        _text(WIDTH / 2, below + 18, "the ground", 14, font_weight="bold"),
        _text(WIDTH / 2, below + 35, " · ".join(f"{one}.py" for one in house.ground), 12),
    ]
    boundary, height = _boundary(house, below + ROOM_HEIGHT + 52)
    parts += boundary
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" '
            f'viewBox="0 0 {WIDTH} {height:g}" font-family="Helvetica, Arial, sans-serif" '
            'role="img">',
            "<title>The rooms of nngrade, and the trust boundary</title>",
            "<!-- Made by docs/draw_rooms.py of the imports in autograder/nngrade. -->",
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            f'markerHeight="7" orient="auto"><path d="M0,0.5 L8,4 L0,7.5 Z" fill="{LINE}"/>'
            "</marker></defs>",
            # Dark text stays readable on a dark page: the picture brings its own paper.
            f'<rect width="{WIDTH}" height="{height:g}" rx="10" fill="{PAPER}"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    """Write the picture, or compare it; the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/draw_rooms.py [--check]", file=sys.stderr)
        return 2
    picture = draw(read_house())
    if arguments:
        if PICTURE.exists() and PICTURE.read_text(encoding="utf-8") == picture:
            return 0
        print(f"{PICTURE} is out of date: run python docs/draw_rooms.py", file=sys.stderr)
        return 1
    PICTURE.write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
