OK_FORMAT = False

from otter.test_files import test_case

name = "update"
points = 3


@test_case(points=1)
def test_worked_example(update, np):
    w, b = update(np.array([1.0, -1.0]), 0.0, np.array([1.0, 2.0]), 1)
    assert list(w) == [2, 1]
    assert b == 1


@test_case(points=1, hidden=True)
def test_mistakes_and_right_answers(update, np):
    rng = np.random.default_rng(5)
    for _ in range(50):
        w, b, x = rng.normal(size=4), rng.normal(), rng.normal(size=4)
        for y in (0, 1):
            error = y - int(w @ x + b >= 0)
            new, bias = update(w, b, x, y)
            assert np.allclose(new, w + error * x)
            assert np.isclose(bias, b + error)


@test_case(points=1, hidden=True)
def test_arguments_stay(update, np):
    rng = np.random.default_rng(6)
    for y in (0, 1):
        w, x = rng.normal(size=5), rng.normal(size=5)
        before = w.copy(), x.copy()
        update(w, 0.0, x, y)
        assert (w == before[0]).all()
        assert (x == before[1]).all()
