OK_FORMAT = False

from otter.test_files import test_case

name = "accuracy"
points = 1


@test_case(points=0)
def test_example(accuracy, np):
    assert accuracy(np.array([3, 1, 2, 2]), np.array([3, 7, 2, 2])) == 0.75


@test_case(points=1, hidden=True)
def test_shares(accuracy, np):
    rng = np.random.default_rng(7)
    for m in (1, 2, 11, 400):
        labels, answers = rng.integers(0, 4, size=m), rng.integers(0, 4, size=m)
        expected = sum(int(a == b) for a, b in zip(labels, answers, strict=True)) / m
        assert abs(accuracy(labels, answers) - expected) < 1e-12
