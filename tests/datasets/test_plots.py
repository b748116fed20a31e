from __future__ import annotations

import base64
import io
import struct
from itertools import pairwise

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.colors import same_color, to_hex

from nndata import load_images, make_blobs, make_moons, plots

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.thorough]


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def digits():
    return load_images("digits")


def upper_half(X):
    return (X[:, 1] > 0).astype(int)


def moons(m=60):
    return make_moons(m, np.random.default_rng(0))


def nearest_of(X, y):
    centers = np.array([X[y == j].mean(axis=0) for j in np.unique(y)])
    return lambda Z: ((Z[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)


def each_plot():
    X, y = moons()
    digits = load_images("digits")
    labels = digits.y_test[:12]
    return {
        "digits": lambda: plots.show_digits(digits.X_test[:12], labels, 9 - labels),
        "boundary": lambda: plots.plot_decision_boundary(upper_half, X, y).figure,
        "history": lambda: plots.plot_history({"loss": [3, 2, 1.5], "other": [2, 2]}).figure,
        "confusion": lambda: plots.plot_confusion(np.eye(10, dtype=int) * 1234).figure,
        "confusion with names": lambda: (
            plots.plot_confusion([[50, 3], [7, 40]], ["not a two", "two"]).figure
        ),
    }


every_plot = pytest.mark.parametrize("draw", each_plot().values(), ids=each_plot())


# The style


@every_plot
def test_a_plot_has_an_opaque_white_background(draw):
    assert to_hex(draw().get_facecolor(), keep_alpha=True) == "#ffffffff"


@every_plot
def test_nothing_is_cut_off_at_the_edge(draw):
    figure = draw()
    figure.canvas.draw()
    box = figure.get_tightbbox()  # in inches
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0) >= 0
    assert box.x1 <= width
    assert box.y1 <= height


@every_plot
def test_no_text_is_tiny(draw):
    figure = draw()
    figure.canvas.draw()
    texts = [text for text in figure.findobj(matplotlib.text.Text) if text.get_text()]
    assert min(text.get_fontsize() for text in texts) >= 8


@every_plot
def test_global_settings_stay_as_they_are(draw):
    before = dict(matplotlib.rcParams)
    draw()
    assert dict(matplotlib.rcParams) == before


@every_plot
def test_a_plot_looks_the_same_under_a_dark_style(draw):
    expected, actual = io.BytesIO(), io.BytesIO()
    draw().savefig(expected)
    with plt.style.context("dark_background"):
        draw().savefig(actual, facecolor="auto")
    pixels = [plt.imread(io.BytesIO(file.getvalue())) for file in (actual, expected)]
    np.testing.assert_array_equal(*pixels)


def test_the_style_is_for_figures_of_ones_own_as_well():
    with plots.style():
        assert same_color(plt.figure().get_facecolor(), "white")
        assert matplotlib.rcParams["font.size"] == 11


def test_it_can_be_that_of_all_figures_from_there_on():
    before = dict(matplotlib.rcParams)
    with plots.style():
        inside = dict(matplotlib.rcParams)
    assert dict(matplotlib.rcParams) == before
    with matplotlib.rc_context():
        plots.use_style()
        assert dict(matplotlib.rcParams) == inside
        lines = [plt.plot([1, 2])[0].get_color() for _ in range(3)]
        assert lines == list(plots.COLOURS[:3])
    assert inside != before


# show_digits


def titles(figure):
    return [ax.get_title() for ax in figure.axes if ax.images]


def test_each_image_is_shown_with_its_label(digits):
    figure = plots.show_digits(digits.X_test[:7], digits.y_test[:7])
    assert titles(figure) == [str(label) for label in digits.y_test[:7]]


def test_rows_are_shown_as_images(digits):
    figure = plots.show_digits(digits.X_test[:3])
    shown = figure.axes[1].images[0].get_array()
    np.testing.assert_array_equal(shown, digits.X_test[1].reshape(8, 8))


def test_images_that_are_not_square_are_shown_in_their_shape():
    figure = plots.show_digits(np.arange(12.0).reshape(2, 6), image_shape=(2, 3))
    assert figure.axes[0].images[0].get_array().shape == (2, 3)


def test_a_wrong_prediction_is_marked_by_a_cross_a_weight_and_a_frame_not_by_colour_alone(digits):
    figure = plots.show_digits(digits.X_test[:3], [1, 2, 3], [1, 7, 3])
    right, wrong = figure.axes[0], figure.axes[1]
    assert titles(figure) == ["1", "✗ 7 (2)", "3"]
    assert wrong.title.get_weight() == "bold"
    assert right.title.get_weight() == "normal"
    assert wrong.spines["left"].get_linewidth() > 2 * right.spines["left"].get_linewidth()


def test_what_the_cross_means_is_said_where_there_is_one(digits):
    one_wrong = plots.show_digits(digits.X_test[:2], [1, 2], [1, 7])
    none_wrong = plots.show_digits(digits.X_test[:2], [1, 2], [1, 2])
    assert one_wrong.get_supxlabel() == "✗ prediction (label)"
    assert none_wrong.get_supxlabel() == ""


def test_predictions_alone_are_shown_without_a_verdict(digits):
    assert titles(plots.show_digits(digits.X_test[:2], predictions=[4, 5])) == ["4", "5"]


def test_images_fill_rows_of_n_columns(digits):
    figure = plots.show_digits(digits.X_test[:7], n_columns=3)
    assert figure.axes[0].get_gridspec().get_geometry() == (3, 3)
    assert len(titles(figure)) == 7


def test_all_images_have_one_scale():
    figure = plots.show_digits(np.stack([np.full((4, 4), 0.2), np.full((4, 4), 1.0)]))
    assert len({ax.images[0].get_clim() for ax in figure.axes}) == 1


def test_long_titles_do_not_touch_their_neighbours(digits):
    figure = plots.show_digits(digits.X_test[:4], ["trousers"] * 4, ["pullover"] * 4)
    figure.canvas.draw()
    boxes = [ax.title.get_window_extent() for ax in figure.axes]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"images": np.zeros((2, 6))}, "name their shape"),
        ({"images": np.zeros((2, 6)), "image_shape": (2, 2)}, "no images of 2x2"),
        ({"images": np.zeros(64)}, "must have shape"),
        ({"images": np.zeros((0, 64))}, "must have shape"),
        ({"images": np.zeros((2, 64)), "labels": [1]}, r"labels must have shape \(2,\)"),
        ({"images": np.zeros((2, 64)), "predictions": [[1, 2]]}, "predictions must have shape"),
        ({"images": np.zeros((2, 64)), "n_columns": 0}, "n_columns must be at least 1"),
    ],
)
def test_digits_whose_shapes_do_not_go_together_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        plots.show_digits(**arguments)


# plot_decision_boundary


def test_classes_differ_in_marker_and_colour():
    X, y = make_blobs(100, np.random.default_rng(0), centers=8)
    ax = plots.plot_decision_boundary(nearest_of(X, y), X, y)
    scatters = [part for part in ax.collections if part.get_label().startswith("class")]
    shapes = {part.get_paths()[0].vertices.tobytes() for part in scatters}
    colours = {to_hex(part.get_facecolor()[0]) for part in scatters}
    assert len(scatters) == len(shapes) == len(colours) == 8


def test_every_example_is_drawn_with_its_class():
    X, y = moons()
    ax = plots.plot_decision_boundary(upper_half, X, y)
    drawn = {part.get_label(): part.get_offsets() for part in ax.collections}
    for j in (0, 1):
        np.testing.assert_array_equal(drawn[f"class {j}"], X[y == j])


def test_the_regions_are_what_predict_says():
    X, y = moons()
    ax = plots.plot_decision_boundary(upper_half, X, y, n_grid=30)
    region = ax.collections[0].get_array().reshape(30, 30)
    heights = np.linspace(*ax.get_ylim(), 30)
    np.testing.assert_array_equal(region, np.tile(heights[:, None] > 0, 30))


def test_predict_is_asked_once_with_rows_of_two():
    X, y = moons()
    asked = []
    plots.plot_decision_boundary(lambda Z: asked.append(Z.shape) or upper_half(Z), X, y, n_grid=20)
    assert asked == [(400, 2)]


def test_a_model_that_gives_one_class_everywhere_is_drawn():
    X, y = moons()
    ax = plots.plot_decision_boundary(lambda Z: np.zeros(len(Z)), X, y)
    ax.figure.canvas.draw()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["class 0", "class 1"]


def test_labels_of_minus_and_plus_one_are_drawn_as_such():
    X, y = moons()
    ax = plots.plot_decision_boundary(lambda Z: 2 * upper_half(Z) - 1, X, 2 * y - 1)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["class -1", "class 1"]


def test_examples_on_one_line_have_a_plane_around_them():
    X = np.array([[0.0, 3.0], [1.0, 3.0]])
    ax = plots.plot_decision_boundary(upper_half, X, [0, 1])
    assert ax.get_ylim()[0] < 3 < ax.get_ylim()[1]


@pytest.mark.parametrize(
    ("predict", "X", "y", "words"),
    [
        (upper_half, np.zeros((4, 3)), np.zeros(4), r"X must have shape \(m, 2\)"),
        (upper_half, np.zeros((4, 2)), np.zeros(3), r"y must have shape \(4,\)"),
        (lambda Z: Z, np.zeros((4, 2)), np.zeros(4), "predict must give one label per row"),
        (lambda Z: 1, np.zeros((4, 2)), np.zeros(4), r"should have shape \(40000,\), not \(\)"),
    ],
)
def test_what_cannot_be_drawn_in_a_plane_is_refused(predict, X, y, words):
    with pytest.raises(ValueError, match=words):
        plots.plot_decision_boundary(predict, X, y)


# plot_history


def test_each_curve_has_its_values_from_epoch_one():
    ax = plots.plot_history({"train": [3, 2, 1], "val": [4, 3]})
    curves = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert curves == {"train": [[1, 3], [2, 2], [3, 1]], "val": [[1, 4], [2, 3]]}


def test_curves_differ_in_more_than_colour():
    ax = plots.plot_history({"a": [1, 2], "b": [2, 1], "c": [1, 1]})
    assert len({(line.get_linestyle(), line.get_marker()) for line in ax.lines}) == 3


def test_one_curve_names_the_axis_and_needs_no_legend():
    ax = plots.plot_history({"mistakes": [5, 2, 0]})
    assert ax.get_ylabel() == "mistakes"
    assert ax.get_legend() is None


def test_several_curves_have_a_legend():
    ax = plots.plot_history({"a": [1, 2], "b": [2, 1]}, ylabel="loss", xlabel="step")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")


def test_epochs_are_whole_numbers():
    ax = plots.plot_history({"loss": [2.0, 1.0]})
    ax.figure.canvas.draw()
    assert all(tick == round(tick) for tick in ax.get_xticks())


def test_a_loss_that_ran_away_leaves_a_gap():
    ax = plots.plot_history({"loss": [1.0, np.inf, np.nan, 2.0]})
    ax.figure.canvas.draw()
    assert np.isnan(ax.lines[0].get_ydata()).tolist() == [False, True, True, False]


def test_no_curve_is_refused():
    with pytest.raises(ValueError, match="history is empty"):
        plots.plot_history({})


def test_a_curve_that_is_a_table_is_refused():
    with pytest.raises(ValueError, match=r"history\['loss'\] must have shape \(n,\)"):
        plots.plot_history({"loss": [[1, 2]]})


# plot_confusion


def cells(ax):
    """What is written in the matrix, by (row, column)."""
    return {
        (round(text.get_position()[1]), round(text.get_position()[0])): text for text in ax.texts
    }


def test_every_count_stands_in_its_cell():
    matrix = np.arange(16).reshape(4, 4)
    written = cells(plots.plot_confusion(matrix))
    assert {place: int(text.get_text()) for place, text in written.items()} == dict(
        np.ndenumerate(matrix)
    )


def test_the_rows_are_the_true_classes():
    ax = plots.plot_confusion(np.eye(2), ["no", "yes"])
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true class", "predicted class")
    assert [text.get_text() for text in ax.get_yticklabels()] == ["no", "yes"]


def test_numbers_can_be_read_on_their_shade():
    matrix = np.array([[80, 12, 8], [30, 55, 15], [0, 50, 50]])
    ax = plots.plot_confusion(matrix)
    image = ax.images[0]
    shades = image.cmap(image.norm(matrix / matrix.sum(axis=1, keepdims=True)))

    def luminance(colour):
        linear = np.asarray(matplotlib.colors.to_rgb(colour)) ** 2.2
        return linear @ [0.2126, 0.7152, 0.0722]

    for place, text in cells(ax).items():
        dark, light = sorted([luminance(text.get_color()), luminance(shades[place])])
        assert (light + 0.05) / (dark + 0.05) > 3


def test_shares_are_written_with_two_decimals():
    written = cells(plots.plot_confusion([[0.75, 0.25], [0.5, 0.5]]))
    assert written[0, 1].get_text() == "0.25"


def test_a_class_without_examples_is_drawn():
    ax = plots.plot_confusion([[3, 1], [0, 0]])
    ax.figure.canvas.draw()
    np.testing.assert_array_equal(ax.images[0].get_array(), [[0.75, 0.25], [0, 0]])


@pytest.mark.parametrize(
    ("matrix", "names", "words"),
    [
        (np.zeros((2, 3)), None, "matrix must have shape"),
        (np.zeros((0, 0)), None, "matrix must have shape"),
        ([[1, -1], [0, 1]], None, "from 0 up"),
        ([[1, np.nan], [0, 1]], None, "from 0 up"),
        (np.eye(3), ["a", "b"], "class_names must have 3 names"),
    ],
)
def test_what_is_no_confusion_matrix_is_refused(matrix, names, words):
    with pytest.raises(ValueError, match=words):
        plots.plot_confusion(matrix, names)


# Showing, with a description


CELLS = {
    "one": """\
%matplotlib inline
import matplotlib.pyplot as plt
from nndata import plots
plt.plot([1, 2])
plots.show(alt="A line,\\n  going 'up' & <on>.")
print("open:", plt.get_fignums())""",
    "two": """\
for height in (1, 2):
    plt.figure()
    plt.plot([0, height])
plots.show(alt=["First.", "Second."])""",
    "one of two": """\
plt.plot([1, 2])
plt.figure()
plt.plot([1, 3])
plots.show(alt="First.")""",
    "one too many": """\
plt.plot([1, 2])
plots.show(alt=["First.", "Second."])""",
    "for a fine screen": """\
%config InlineBackend.figure_format = "retina"
plt.plot([1, 2])
plots.show(alt="Fine.")""",
    "as a vector graphic": """\
%config InlineBackend.figure_format = "svg"
plt.plot([1, 2])
plots.show(alt="Sharp.")""",
    "without a notebook's backend": """\
plt.switch_backend("agg")
plt.plot([1, 2])
plots.show(alt="Nowhere.")
print("open:", plt.get_fignums())""",
}


@pytest.fixture(scope="module")
def shown():
    """The outputs of the cells above, as a kernel sends them."""
    node = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    )
    nbclient.NotebookClient(node, kernel_name="python3", allow_errors=True).execute()
    return {name: cell.outputs for name, cell in zip(CELLS, node.cells, strict=True)}


def described(output):
    """The description of a figure, which must be the same for every program."""
    text = output.data["text/plain"]
    (kind,) = (one for one in output.data if one.startswith("image/"))
    image = BeautifulSoup(output.data["text/html"], "html.parser").img
    assert image["alt"] == output.metadata[kind]["alt"] == text
    content = base64.b64decode(image["src"].removeprefix(f"data:{kind};base64,"))
    data = output.data[kind]
    assert content == (data.encode() if kind == "image/svg+xml" else base64.b64decode(data))
    size = {side: str(one) for side, one in output.metadata[kind].items() if side != "alt"}
    assert image.attrs.items() == {**size, "alt": text, "src": image["src"]}.items()
    return text


def test_a_description_goes_with_the_figure_and_the_figure_is_closed(shown):
    picture, printed = shown["one"]
    assert described(picture) == "A line, going 'up' & <on>."
    assert printed.text == "open: []\n"


def test_figures_are_described_in_the_order_in_which_they_were_made(shown):
    assert [described(one) for one in shown["two"]] == ["First.", "Second."]
    pictures = [one.data["image/png"] for one in shown["two"]]
    assert pictures[0] != pictures[1]


def test_a_figure_without_a_description_is_shown_all_the_same(shown):
    first, second = shown["one of two"]
    assert described(first) == "First."
    assert "text/html" not in second.data
    assert "image/png" in second.data


def test_more_descriptions_than_figures_are_an_error(shown):
    error = shown["one too many"][0]
    assert (error.ename, error.evalue) == (
        "ValueError", "alt describes 2 figures, and 1 are open.",
    )  # fmt: skip


def test_a_picture_for_a_fine_screen_takes_as_much_room(shown):
    (fine,), (coarse, _) = shown["for a fine screen"], shown["one"]
    assert described(fine) == "Fine."
    pixels, room = (
        struct.unpack_from(">II", base64.b64decode(one.data["image/png"]), 16)
        for one in (fine, coarse)
    )
    size = fine.metadata["image/png"]
    assert (size["width"], size["height"]) == (pixels[0] // 2, pixels[1] // 2)
    assert abs(size["width"] - room[0]) <= 2


def test_a_vector_graphic_is_described_too(shown):
    (picture,) = shown["as a vector graphic"]
    assert described(picture) == "Sharp."
    assert "image/svg+xml" in picture.data


@pytest.mark.filterwarnings("default:FigureCanvasAgg is non-interactive")  # with a display
def test_outside_of_notebooks_it_shows_as_matplotlib_does(shown):
    (printed,) = shown["without a notebook's backend"]
    assert printed.text == "open: [1]\n"
    figure = plt.figure()
    plots.show(alt="Nowhere.")
    assert plt.get_fignums() == [figure.number]


# Axes of one's own


def test_plots_draw_on_the_axes_they_are_given():
    _, axes = plt.subplots(1, 3)
    X, y = moons()
    assert plots.plot_decision_boundary(upper_half, X, y, ax=axes[0]) is axes[0]
    assert plots.plot_history({"loss": [1, 2]}, ax=axes[1]) is axes[1]
    assert plots.plot_confusion(np.eye(2), ax=axes[2]) is axes[2]
    assert len(plt.get_fignums()) == 1
