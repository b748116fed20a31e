OK_FORMAT = False

from otter.test_files import test_case

name = "predict"
points = 3


@test_case(points=1)
def test_table(predict, np):
    classes = predict(np.array([2.0, -1.0]), -1.0, np.array([[3, 2], [0, 1], [1, 1]]))
    assert list(classes) == [1, 0, 1]
    assert classes.dtype.kind in "iu"


@test_case(points=1, hidden=True)
def test_shapes(predict, np):
    rng = np.random.default_rng(3)
    for m, n in ((1, 1), (1, 4), (7, 2), (30, 5)):
        w, b, X = rng.normal(size=n), rng.normal(), rng.normal(size=(m, n))
        expected = [int(sum(a * c for a, c in zip(w, x, strict=True)) + b >= 0) for x in X]
        assert list(predict(w, b, X)) == expected


@test_case(points=1, hidden=True)
def test_boundary_and_arguments(predict, np):
    rng = np.random.default_rng(4)
    for _ in range(20):
        X, w = rng.integers(-9, 10, size=(6, 3)), rng.integers(1, 9, size=3).astype(float)
        before = X.copy(), w.copy()
        for i, x in enumerate(X):
            assert predict(w, -float(w @ x), X)[i] == 1
        assert (before[0] == X).all()
        assert (w == before[1]).all()
