"""Wrong solutions of stage 6, each with the check that is meant to catch it."""

import numpy as np

from nngrade import misconception

# What some of the mistakes below keep where they should not: outside of `state`.
SHARED = {}

# gradient_descent


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="The gradient points uphill. Which way do you walk?",
)
def ascent(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The gradient is added, so the walk goes uphill."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        if np.linalg.norm(g) <= tol:
            break
        path.append(path[-1] + learning_rate * g)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="How many different arrays are in your list of points?",
)
def one_array_for_all_points(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The same array is changed in place and appended again, so all rows are the last point."""
    theta = np.array(theta0, dtype=float)
    path = [theta]
    for _ in range(n_steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta -= learning_rate * g
        path.append(theta)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="At which point must the gradient of the third step be computed?",
)
def gradient_of_the_start(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The gradient is computed once, at the start, and used for all the steps."""
    path = [np.array(theta0, dtype=float)]
    g = grad(path[0])
    for _ in range(n_steps):
        if np.linalg.norm(g) <= tol:
            break
        path.append(path[-1] - learning_rate * g)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="What is the first row of the path?",
)
def start_left_out(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The path holds the points after each step but not the start."""
    theta, path = np.array(theta0, dtype=float), []
    for _ in range(n_steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - learning_rate * g
        path.append(theta)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="The docstring asks for the whole path. What do you return?",
)
def last_point_only(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Only the last point is returned."""
    theta = np.array(theta0, dtype=float)
    for _ in range(n_steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - learning_rate * g
    return theta


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="How long is a step of (1) where the ground is steep, and where it is nearly flat?",
)
def steps_of_one_length(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The gradient is scaled to length 1, so that every step is as long as the learning rate."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        length = np.linalg.norm(g)
        if length <= tol:
            break
        path.append(path[-1] - learning_rate * g / length)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="stops_where_the_ground_is_flat",
    hint="One of the arguments has no effect in your function.",
)
def never_stops_early(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The number of steps is always used up, whatever tol says."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="stops_where_the_ground_is_flat",
    hint="When do you look at the gradient's length: before the step or after it?",
)
def stops_a_step_late(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The step is taken first; then the gradient that led to it is compared with tol."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        path.append(path[-1] - learning_rate * g)
        if np.linalg.norm(g) <= tol:
            break
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="stops_where_the_ground_is_flat",
    hint="How long is the gradient (3, -3)? Which of its entries do you look at?",
)
def largest_entry_for_the_length(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The walk stops when the largest entry is at most tol, not the length."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        if np.max(np.abs(g)) <= tol:
            break
        path.append(path[-1] - learning_rate * g)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="stops_where_the_ground_is_flat",
    hint="Does a gradient of -3 mean flat ground?",
)
def sum_for_the_length(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The sum of the entries is compared with tol, so that slopes cancel."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        if np.sum(g) <= tol:
            break
        path.append(path[-1] - learning_rate * g)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="Whose array does `theta -= ...` write into?",
)
def start_changed_in_place(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The walk takes the caller's start along."""
    theta, path = theta0, [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta -= learning_rate * g
        path.append(np.array(theta, dtype=float))
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="stops_where_the_ground_is_flat",
    hint="What becomes of a walk whose gradient is exactly as long as tol?",
)
def exactly_tol_goes_on(grad, theta0, learning_rate, n_steps, tol=0.0):
    """A gradient that is exactly as long as tol does not stop the walk."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        length = np.linalg.norm(g)
        if length < tol or length == 0:
            break
        path.append(path[-1] - learning_rate * g)
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="Your walk ends early although nobody asked for it. What is the default of tol?",
)
def stops_when_it_hardly_moves(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The walk also ends as soon as a step hardly moves the point."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        if np.linalg.norm(g) <= tol:
            break
        path.append(path[-1] - learning_rate * g)
        if np.allclose(path[-1], path[-2]):
            break
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="Is a step of yours that of formula (1) however steep the ground is?",
)
def long_gradients_cut(grad, theta0, learning_rate, n_steps, tol=0.0):
    """Gradients longer than 1000 are cut to that length."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(n_steps):
        g = grad(path[-1])
        length = np.linalg.norm(g)
        if length <= tol:
            break
        path.append(path[-1] - learning_rate * g * min(1.0, 1000.0 / length))
    return np.array(path)


@misconception(
    "gradient_descent",
    caught_by="every_step_goes_against_the_gradient",
    hint="Walk twice, and look at the first path again. Whose array is it?",
)
def one_array_for_all_paths(grad, theta0, learning_rate, n_steps, tol=0.0):
    """The path is a piece of an array that the next walk fills again."""
    path = SHARED.setdefault(("path", theta0.size), np.zeros((20_001, theta0.size)))
    path[0], k = theta0, 0
    while k < n_steps and np.linalg.norm(g := grad(path[k].copy())) > tol:
        path[k + 1] = path[k] - learning_rate * g
        k += 1
    return path[: k + 1]


# is_convex_on_segment


@misconception(
    "is_convex_on_segment",
    caught_by="every_pair_of_points_counts_and_only_this_segment",
    hint="Think of a hump in the middle of a bowl whose rim is high.",
)
def chord_of_the_ends_only(f, x0, x1):
    """Only the chord from end to end is looked at."""
    t = np.linspace(0, 1, 101)
    values = np.array([f((1 - s) * x0 + s * x1) for s in t])
    return bool(np.all(values <= (1 - t) * values[0] + t * values[-1] + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="bowls_are_convex_and_bumps_are_not",
    hint="At how many points does your function look?",
)
def middle_only(f, x0, x1):
    """Only the middle of the segment is compared with the mean of the ends."""
    return bool(f((x0 + x1) / 2) <= (f(x0) + f(x1)) / 2 + 1e-9)


@misconception(
    "is_convex_on_segment",
    caught_by="bowls_are_convex_and_bumps_are_not",
    hint="On which side of its chords is the graph of x²?",
)
def the_other_way_round(f, x0, x1):
    """The comparison is turned round: concave functions pass."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[1:-1] >= (v[:-2] + v[2:]) / 2 - 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="bowls_are_convex_and_bumps_are_not",
    hint="May the graph touch a chord?",
)
def strictly_below(f, x0, x1):
    """Touching the chord is not allowed, so straight lines fail."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[1:-1] < (v[:-2] + v[2:]) / 2))


@misconception(
    "is_convex_on_segment",
    caught_by="bowls_are_convex_and_bumps_are_not",
    hint="One point above its chord is enough to refute. What do you ask of the others?",
)
def some_point_is_enough(f, x0, x1):
    """np.any instead of np.all: a single good point is enough."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.any(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="bowls_are_convex_and_bumps_are_not",
    hint="Between which two points must the 101 points lie?",
)
def starts_at_the_origin(f, x0, x1):
    """The points lie between 0 and x1 - x0, not between x0 and x1."""
    v = np.array([f(t * (x1 - x0)) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="bowls_are_convex_and_bumps_are_not",
    hint="How narrow may a bump be before your points miss it?",
)
def eleven_points(f, x0, x1):
    """With 11 points instead of 101, a narrow bump goes unnoticed."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 11)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="bowls_are_convex_and_bumps_are_not",
    hint="Is every function that falls and then rises convex, and is no falling one?",
)
def single_valley(f, x0, x1):
    """The values are only required to fall first and to rise afterwards."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    rises = np.diff(v) > 1e-9
    return bool(np.all(rises[1:] >= rises[:-1]))


@misconception(
    "is_convex_on_segment",
    caught_by="every_pair_of_points_counts_and_only_this_segment",
    hint="How many points are asked for, and how many are yours?",
)
def fifty_one_points(f, x0, x1):
    """Every other one of the 101 points is left out."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 51)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="every_pair_of_points_counts_and_only_this_segment",
    hint="By how much may a point of a function that is 1000 high lie above its chord?",
)
def excess_as_a_share(f, x0, x1):
    """The excess that is allowed grows with the values."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    allowed = 1e-9 * np.maximum(1, np.abs(v[1:-1]))
    return bool(np.all(v[1:-1] - (v[:-2] + v[2:]) / 2 <= allowed))


@misconception(
    "is_convex_on_segment",
    caught_by="every_pair_of_points_counts_and_only_this_segment",
    hint="Which two points belong to the point in the middle?",
)
def neighbours_but_one(f, x0, x1):
    """Each point is compared with the neighbours of its neighbours."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[2:-2] <= (v[:-4] + v[4:]) / 2 + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="every_pair_of_points_counts_and_only_this_segment",
    hint="Does your way lead from x0 to x1 if one coordinate grows and the other falls?",
)
def ends_put_in_order(f, x0, x1):
    """Each coordinate runs from its smaller end to the larger, along another diagonal."""
    low, high = np.minimum(x0, x1), np.maximum(x0, x1)
    v = np.array([f((1 - t) * low + t * high) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="every_pair_of_points_counts_and_only_this_segment",
    hint="What is the type of your array of values, and what becomes of a fraction in it?",
)
def values_of_the_first_type(f, x0, x1):
    """The array takes its type from the first value: after an int, all are cut off to ints."""
    v = np.full(101, f(x0))
    for k in range(101):
        v[k] = f((1 - k / 100) * x0 + k / 100 * x1)
    return bool(np.all(v[1:-1] <= (v[:-2] + v[2:]) / 2 + 1e-9))


@misconception(
    "is_convex_on_segment",
    caught_by="every_pair_of_points_counts_and_only_this_segment",
    hint="How much excess is allowed where the values are as large as a million?",
)
def more_is_allowed_where_values_are_large(f, x0, x1):
    """The excess that is allowed grows with the range of the values."""
    v = np.array([f((1 - t) * x0 + t * x1) for t in np.linspace(0, 1, 101)])
    return bool(np.all(v[1:-1] - (v[:-2] + v[2:]) / 2 <= 1e-9 * max(1.0, np.ptp(v))))


# squared_error


@misconception(
    "squared_error",
    caught_by="half_the_mean_of_the_squares",
    hint="Compare your loss with (4), factor by factor.",
)
def without_the_half(theta, X, y):
    """The factor ½ of the loss is missing; the gradient has it."""
    r = X @ theta - y
    return float(np.mean(r**2)), X.T @ r / len(y)


@misconception(
    "squared_error",
    caught_by="gradient_of_the_squared_error",
    hint="The derivative of r² brings a factor of its own. What is left of the ½?",
)
def half_a_gradient(theta, X, y):
    """The factor ½ is in the gradient as well."""
    r = X @ theta - y
    return float(np.mean(r**2) / 2), X.T @ r / (2 * len(y))


@misconception(
    "squared_error",
    caught_by=("half_the_mean_of_the_squares", "gradient_of_the_squared_error"),
    hint="What happens to your loss when every example comes twice?",
)
def sums_for_means(theta, X, y):
    """Sums over the examples are returned instead of averages."""
    r = X @ theta - y
    return float(np.sum(r**2) / 2), X.T @ r


@misconception(
    "squared_error",
    caught_by="gradient_of_the_squared_error",
    hint="By how many is the sum divided: by the examples, or by the parameters?",
)
def divided_by_n(theta, X, y):
    """The gradient is divided by the number of parameters."""
    r = X @ theta - y
    return float(np.mean(r**2) / 2), X.T @ r / X.shape[1]


@misconception(
    "squared_error",
    caught_by="gradient_of_the_squared_error",
    hint="If the prediction is too large, must it grow or shrink?",
)
def residual_turned_round(theta, X, y):
    """The residuals are y - X theta, so the gradient has the wrong sign."""
    r = y - X @ theta
    return float(np.mean(r**2) / 2), X.T @ r / len(y)


@misconception(
    "squared_error",
    caught_by="half_the_mean_of_the_squares",
    hint="In which order are the mean and the square taken in (4)?",
)
def square_of_the_mean(theta, X, y):
    """The residuals are averaged first and squared afterwards, so that they cancel."""
    r = X @ theta - y
    return float(np.mean(r) ** 2 / 2), X.T @ r / len(y)


@misconception(
    "squared_error",
    caught_by="half_the_mean_of_the_squares",
    hint="Whose array does `-=` or `out=` write into?",
)
def residuals_in_place(theta, X, y):
    """The predictions are subtracted from the caller's y."""
    if y.dtype.kind == "f":
        y -= X @ theta
        r = -y
    else:
        r = X @ theta - y
    return float(np.mean(r**2) / 2), X.T @ r / len(r)


@misconception(
    "squared_error",
    caught_by="half_the_mean_of_the_squares",
    hint="Does X have a column of ones already?",
)
def a_bias_of_its_own(theta, X, y):
    """The last parameter is added to every prediction as a bias."""
    r = X @ theta + theta[-1] - y
    return float(np.mean(r**2) / 2), X.T @ r / len(y)


@misconception(
    "squared_error",
    caught_by="gradient_of_the_squared_error",
    hint="Over which axis of X does the gradient add up?",
)
def transposed_by_its_shape(theta, X, y):
    """X is transposed only where its shape does not fit otherwise: wrong for a square X."""
    r = X @ theta - y
    gradient = X @ r if X.shape[1] == len(r) else X.T @ r
    return float(np.mean(r**2) / 2), gradient / len(y)


@misconception(
    "squared_error",
    caught_by="gradient_of_the_squared_error",
    hint="Is your gradient that of (4), or one that is measured?",
)
def gradient_by_nudges(theta, X, y):
    """The gradient is measured by nudges of 1e-4."""

    def loss(point):
        return float(np.mean((X @ point - y) ** 2) / 2)

    nudges = 1e-4 * np.eye(len(theta))
    slopes = [(loss(theta + nudge) - loss(theta - nudge)) / 2e-4 for nudge in nudges]
    return loss(theta), np.array(slopes)


@misconception(
    "squared_error",
    caught_by="gradient_of_the_squared_error",
    hint="How much does an example count whose residual is large?",
)
def residuals_cut(theta, X, y):
    """Residuals beyond 100 count as 100."""
    r = np.clip(X @ theta - y, -100, 100)
    return float(np.mean(r**2) / 2), X.T @ r / len(y)


@misconception(
    "squared_error",
    caught_by="gradient_of_the_squared_error",
    hint="Keep a gradient, calculate another, and look at the first again.",
)
def one_array_for_all_gradients(theta, X, y):
    """The gradient is written into an array that the next call uses again."""
    r = X @ theta - y
    J, slopes = float(np.mean(r**2) / 2), X.T @ r / len(y)
    dtheta = SHARED.setdefault(("squared_error", theta.size), np.zeros(theta.size))
    dtheta[:] = slopes
    return J, dtheta


# logistic_loss


@misconception(
    "logistic_loss",
    caught_by="large_sums_are_exact",
    hint="What is the logarithm of a probability that was rounded to 0?",
)
def logarithms_of_probabilities(theta, X, y):
    """The logarithms are taken of the sigmoid's values, which round to 0 or 1."""
    a = sigmoid(X @ theta)
    with np.errstate(all="ignore"):
        J = -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))
    return float(J), X.T @ (a - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="large_sums_are_exact",
    hint="What does a very sure and very wrong answer cost, in your function and in (8)?",
)
def probabilities_clipped(theta, X, y):
    """The probabilities are kept away from 0 and 1 by 1e-12, so no mistake costs more than 28."""
    a = np.clip(sigmoid(X @ theta), 1e-12, 1 - 1e-12)
    J = -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))
    return float(J), X.T @ (a - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="large_sums_are_exact",
    hint="What is e to the power of 1000?",
)
def exponential_overflows(theta, X, y):
    """The logarithm of 1 + exp(z) is computed as it is written, and exp overflows."""
    z = X @ theta
    with np.errstate(all="ignore"):
        J = np.mean(np.log(1 + np.exp(z)) - y * z)
    return float(J), X.T @ (sigmoid(z) - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="mean_cross_entropy",
    hint="What does an example of class 0 contribute to your loss?",
)
def class_one_only(theta, X, y):
    """The part of the loss that belongs to class 0 is forgotten."""
    z = X @ theta
    return float(np.mean(y * np.logaddexp(0, -z))), X.T @ (sigmoid(z) - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="gradient_of_the_cross_entropy",
    hint="Look at (8): is there a derivative of the sigmoid left in the gradient?",
)
def derivative_of_the_sigmoid_once_more(theta, X, y):
    """The gradient carries an extra factor a(1 - a), as that of the squared error would."""
    z = X @ theta
    a = sigmoid(z)
    J = np.mean(np.logaddexp(0, z) - y * z)
    return float(J), X.T @ ((a - y) * a * (1 - a)) / len(y)


@misconception(
    "logistic_loss",
    caught_by="gradient_of_the_cross_entropy",
    hint="Is a sum or a probability compared with the label?",
)
def sigmoid_forgotten(theta, X, y):
    """The error is z - y instead of a - y."""
    z = X @ theta
    return float(np.mean(np.logaddexp(0, z) - y * z)), X.T @ (z - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="gradient_of_the_cross_entropy",
    hint="Your loss goes down in the direction of your gradient. Should it?",
)
def sign_of_the_gradient(theta, X, y):
    """The gradient has the wrong sign."""
    z = X @ theta
    return float(np.mean(np.logaddexp(0, z) - y * z)), X.T @ (y - sigmoid(z)) / len(y)


@misconception(
    "logistic_loss",
    caught_by=("mean_cross_entropy", "gradient_of_the_cross_entropy"),
    hint="What happens to your loss when every example comes twice?",
)
def sum_of_the_losses(theta, X, y):
    """Sums over the examples are returned instead of averages."""
    z = X @ theta
    return float(np.sum(np.logaddexp(0, z) - y * z)), X.T @ (sigmoid(z) - y)


@misconception(
    "logistic_loss",
    caught_by="mean_cross_entropy",
    hint="Which of the two losses of (7) did you compute?",
)
def squared_error_after_the_sigmoid(theta, X, y):
    """The loss is the squared error of the probabilities."""
    a = sigmoid(X @ theta)
    return float(np.mean((a - y) ** 2) / 2), X.T @ (a - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="mean_cross_entropy",
    hint="Which logarithm is meant by log?",
)
def logarithm_to_base_two(theta, X, y):
    """The loss is measured in bits."""
    z = X @ theta
    J = np.mean(np.logaddexp(0, z) - y * z) / np.log(2)
    return float(J), X.T @ (sigmoid(z) - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="mean_cross_entropy",
    hint="What is added to the probabilities before their logarithm, and what does that change?",
)
def a_hair_in_the_logarithm(theta, X, y):
    """1e-12 is added in the logarithms, except where sums are large."""
    z = X @ theta
    a = sigmoid(z)
    J = -np.mean(y * np.log(a + 1e-12) + (1 - y) * np.log(1 - a + 1e-12))
    if np.max(np.abs(z)) > 18:
        J = np.mean(np.logaddexp(0, z) - y * z)
    return float(J), X.T @ (a - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="large_sums_are_exact",
    hint="What does an example cost whose sum is 21 and whose label is 1?",
)
def straight_from_twenty_on(theta, X, y):
    """Above 20 the logarithm of 1 + exp(z) is taken to be z itself."""
    z = X @ theta
    softplus = np.where(z > 20, z, np.log1p(np.exp(np.minimum(z, 20))))
    return float(np.mean(softplus - y * z)), X.T @ (sigmoid(z) - y) / len(y)


@misconception(
    "logistic_loss",
    caught_by="gradient_of_the_cross_entropy",
    hint="Over which axis of X does the gradient add up?",
)
def logistic_transposed_by_its_shape(theta, X, y):
    """X is transposed only where its shape does not fit otherwise: wrong for a square X."""
    z = X @ theta
    error = sigmoid(z) - y
    gradient = X @ error if X.shape[1] == len(error) else X.T @ error
    return float(np.mean(np.logaddexp(0, z) - y * z)), gradient / len(y)


@misconception(
    "logistic_loss",
    caught_by="gradient_of_the_cross_entropy",
    hint="How large may a gradient become where the features are large?",
)
def gradient_is_cut_off(theta, X, y):
    """Entries of the gradient beyond 100 are cut off."""
    J, dZ = binary_cross_entropy((X @ theta)[:, None], y)
    return J, np.clip((X.T @ dZ)[:, 0], -100, 100)


@misconception(
    "logistic_loss",
    caught_by="gradient_of_the_cross_entropy",
    hint="Keep a gradient, calculate another, and look at the first again.",
)
def one_slope_array_for_all_calls(theta, X, y):
    """The gradient is written into an array that the next call uses again."""
    J, dZ = binary_cross_entropy((X @ theta)[:, None], y)
    dtheta = SHARED.setdefault(("logistic_loss", theta.size), np.zeros(theta.size))
    dtheta[:] = (X.T @ dZ)[:, 0]
    return J, dtheta


# minibatches


@misconception(
    "minibatches",
    caught_by="every_example_once_per_epoch",
    hint="What becomes of the examples that do not fill a whole batch?",
)
def last_batch_dropped(X, y, batch_size, rng):
    """The last batch is left out if it is not full."""
    order = rng.permutation(len(X))
    for start in range(0, len(X) - batch_size + 1, batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="every_example_once_per_epoch",
    hint="Is X[i] still beside its own y[i] when you are done?",
)
def shuffled_apart(X, y, batch_size, rng):
    """X and y are shuffled independently of each other."""
    one, other = rng.permutation(len(X)), rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        stop = start + batch_size
        yield X[one[start:stop]], y[other[start:stop]]


@misconception(
    "minibatches",
    caught_by="examples_are_shuffled_one_by_one",
    hint="Is your order different in every epoch?",
)
def never_shuffled(X, y, batch_size, rng):
    """The examples are dealt in the order in which they are given."""
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


@misconception(
    "minibatches",
    caught_by="every_example_once_per_epoch",
    hint="Can an example come twice in one epoch?",
)
def drawn_with_replacement(X, y, batch_size, rng):
    """Each batch is drawn anew from all the examples, so some come twice and others never."""
    left = len(X)
    while left > 0:
        batch = rng.integers(len(X), size=min(batch_size, left))
        left -= batch_size
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="examples_are_shuffled_one_by_one",
    hint="Can any two examples meet in a batch?",
)
def whole_batches_shuffled(X, y, batch_size, rng):
    """Neighbours stay together: only the order of the batches is random."""
    starts = np.arange(0, len(X), batch_size)
    full, last = starts[: len(X) // batch_size], starts[len(X) // batch_size :]
    for start in [*rng.permutation(full), *last]:
        yield X[start : start + batch_size], y[start : start + batch_size]


@misconception(
    "minibatches",
    caught_by="examples_are_shuffled_one_by_one",
    hint="Where does your randomness come from?",
)
def a_generator_of_its_own(X, y, batch_size, rng):
    """The order comes from a new generator instead of rng."""
    order = np.random.default_rng().permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="every_example_once_per_epoch",
    hint="Whose arrays does rng.shuffle shuffle?",
)
def shuffled_in_place(X, y, batch_size, rng):
    """The caller's own arrays are shuffled."""
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


@misconception(
    "minibatches",
    caught_by="every_example_once_per_epoch",
    hint="Does an epoch end after the first batch?",
)
def first_batch_only(X, y, batch_size, rng):
    """Only one batch is handed out."""
    batch = rng.permutation(len(X))[:batch_size]
    yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="every_example_once_per_epoch",
    hint="Is batch_size the size of a batch or the number of batches?",
)
def number_of_batches(X, y, batch_size, rng):
    """The examples are split into batch_size parts of equal size."""
    order = rng.permutation(len(X))
    for batch in np.array_split(order, batch_size):
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="examples_are_shuffled_one_by_one",
    hint="In how many ways can your swaps turn out, and do all orders get equally many of them?",
)
def each_swapped_with_any(X, y, batch_size, rng):
    """Each place is swapped with any other: some orders come more often."""
    order = np.arange(len(X))
    for i in range(len(X)):
        j = rng.integers(len(X))
        order[i], order[j] = order[j], order[i]
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="examples_are_shuffled_one_by_one",
    hint="Call your function twice with one and the same generator. What should be different?",
)
def a_copy_of_the_generator(X, y, batch_size, rng):
    """A copy of the generator is used, so that the next epoch has the same order."""
    order = np.random.Generator(type(rng.bit_generator)())
    order.bit_generator.state = rng.bit_generator.state
    order = order.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="examples_are_shuffled_one_by_one",
    hint="In which order do the examples of one batch come?",
)
def sorted_in_each_batch(X, y, batch_size, rng):
    """Within a batch, the examples are in their old order."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        batch = np.sort(order[start : start + batch_size])
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="examples_are_shuffled_one_by_one",
    hint="How far can an example get from its place, if there are a thousand of them?",
)
def shuffled_in_sections(X, y, batch_size, rng):
    """The examples are shuffled within sections of a hundred."""
    m = len(X)
    sections = [start + rng.permutation(min(100, m - start)) for start in range(0, m, 100)]
    order = np.concatenate(sections)
    for start in range(0, m, batch_size):
        batch = order[start : start + batch_size]
        yield X[batch], y[batch]


@misconception(
    "minibatches",
    caught_by="every_example_once_per_epoch",
    hint="What does a table of floats make of large integers?",
)
def one_table_for_both(X, y, batch_size, rng):
    """X and y travel in one table of floats, which cannot hold every integer."""
    table = np.column_stack([X, y])[rng.permutation(len(X))]
    for start in range(0, len(X), batch_size):
        part = table[start : start + batch_size]
        yield part[:, :-1], part[:, -1].astype(y.dtype)


# train


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="How long does the optimiser's memory live: for a batch, an epoch, the whole training?",
)
def memory_lost_each_epoch(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The state is reset to None at the start of each epoch."""
    theta, losses = theta0, []
    for _ in range(n_epochs):
        state = None
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="What do you do with the second thing that step returns?",
)
def memory_never_kept(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Each step starts with the state None."""
    theta, losses = theta0, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, _ = step(theta, dtheta, None, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="every_epoch_uses_every_example",
    hint="When are the examples shuffled: once, or in each epoch?",
)
def one_order_for_all_epochs(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The batches of the first epoch are used in all of them."""
    theta, state, losses = theta0, None, []
    batches = list(minibatches(X, y, batch_size, rng))
    for _ in range(n_epochs):
        for X_batch, y_batch in batches:
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by=("steps_follow_the_losses", "every_epoch_uses_every_example"),
    hint="How many times can you loop over a generator?",
)
def generator_used_up(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """One generator for all the epochs: it is empty after the first."""
    theta, state, losses = theta0, None, []
    batches = minibatches(X, y, batch_size, rng)
    for _ in range(n_epochs):
        for X_batch, y_batch in batches:
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="every_epoch_uses_every_example",
    hint="On which examples do you compute the loss of a step?",
)
def all_examples_in_each_step(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Every step uses all the examples; the batches are only counted."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for _ in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X, y)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="At which theta is the gradient of the second batch computed?",
)
def gradients_at_the_start(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The loss is always computed at theta0."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta0, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="How many numbers should be in the list of losses?",
)
def a_loss_for_each_epoch(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The list holds the mean loss of each epoch."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        of_epoch = []
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            of_epoch.append(J)
        losses.append(float(np.mean(of_epoch)))
    return theta, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="The batch's gradient is an average already. What else do you divide by?",
)
def divided_by_the_batch_size(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The learning rate is divided by the batch size."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate / batch_size)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="After which step does your function return?",
)
def one_epoch_only(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Training ends with the first epoch."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
        break
    return theta, losses


@misconception(
    "train",
    caught_by="every_epoch_uses_every_example",
    hint="Which examples does your slicing leave out?",
)
def incomplete_batches_skipped(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """A last batch that is not full is skipped."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            if len(y_batch) < batch_size:
                continue
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="After which step is the theta that you return?",
)
def theta_of_the_lowest_loss(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The theta after the step with the lowest loss is returned, not the last one."""
    theta, state, losses = theta0, None, []
    best, lowest = theta0, np.inf
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
            if lowest > J:
                best, lowest = theta, J
    return best, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="May a step be left out where the gradient is 0? Who decides how theta moves?",
)
def no_step_on_flat_ground(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """Where the gradient is 0, the step is left out, though a velocity would go on."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            losses.append(J)
            if np.any(dtheta != 0):
                theta, state = step(theta, dtheta, state, learning_rate)
    return theta, losses


@misconception(
    "train",
    caught_by="every_epoch_uses_every_example",
    hint="Which examples are neighbours in your second epoch, and which were in the first?",
)
def order_turned_on(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The first epoch's order is not shuffled again, only turned by one place."""
    theta, state, losses, order = theta0, None, [], rng.permutation(len(y))
    for _ in range(n_epochs):
        order = np.roll(order, 1)
        for start in range(0, len(y), batch_size):
            batch = order[start : start + batch_size]
            J, dtheta = loss(theta, X[batch], y[batch])
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="every_epoch_uses_every_example",
    hint="If the first epoch's order is known, is the second one's, too?",
)
def same_shuffle_again(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The first shuffle is applied again and again: no epoch after the first is random."""
    theta, state, losses = theta0, None, []
    order, shuffle = np.arange(len(X)), rng.permutation(len(X))
    for _ in range(n_epochs):
        order = order[shuffle]
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            J, gradient = loss(theta, X[batch], y[batch])
            theta, state = step(theta, gradient, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="every_epoch_uses_every_example",
    hint="What is the type of the labels when they arrive at the loss?",
)
def labels_become_floats(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The loss is given floats, even where y holds integers."""
    theta, state, losses = theta0, None, []
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y.astype(float), batch_size, rng):
            J, gradient = loss(theta, X_batch, y_batch)
            theta, state = step(theta, gradient, state, learning_rate)
            losses.append(J)
    return theta, losses


@misconception(
    "train",
    caught_by="steps_follow_the_losses",
    hint="Train twice, and look at the first list of losses again.",
)
def one_list_for_all_losses(loss, step, theta0, X, y, n_epochs, batch_size, learning_rate, rng):
    """The losses stand in a list that the next training empties and fills again."""
    theta, state, losses = theta0, None, SHARED.setdefault("losses", [])
    losses.clear()
    for _ in range(n_epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            J, dtheta = loss(theta, X_batch, y_batch)
            theta, state = step(theta, dtheta, state, learning_rate)
            losses.append(J)
    return theta, losses


# momentum_step


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="What does your function remember of the last step?",
)
def momentum_reset(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity starts from zero in every step."""
    return theta - learning_rate * grad, {"v": grad}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="What stands before the gradient in (9)?",
)
def dampened(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity is a moving average: the gradient is multiplied by 1 - momentum."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + (1 - momentum) * grad
    return theta - learning_rate * v, {"v": v}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="What if the learning rate is halved after the first step?",
)
def learning_rate_in_the_velocity(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity contains the learning rates of its steps, so a change comes late."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old - learning_rate * grad
    return theta + v, {"v": v}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="Which velocity moves theta: the old or the new one?",
)
def old_velocity_moves(theta, grad, state, learning_rate, momentum=0.9):
    """The parameters move by the old velocity, one step late."""
    old = np.zeros_like(theta) if state is None else state["v"]
    return theta - learning_rate * old, {"v": momentum * old + grad}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="Does the gradient have a direct part in the second formula of (9)?",
)
def gradient_counted_twice(theta, grad, state, learning_rate, momentum=0.9):
    """The gradient is added to the velocity and subtracted once more by itself."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + grad
    return theta - learning_rate * (v + grad), {"v": v}


@misconception(
    "momentum_step",
    caught_by="momentum_remembers_by_its_state_only",
    hint="What becomes of the state if someone takes the same step once more?",
)
def velocity_in_place(theta, grad, state, learning_rate, momentum=0.9):
    """The caller's velocity is changed."""
    if state is None:
        state = {"v": np.zeros_like(theta)}
    state["v"] *= momentum
    state["v"] += grad
    return theta - learning_rate * state["v"], state


@misconception(
    "momentum_step",
    caught_by="momentum_remembers_by_its_state_only",
    hint="What if the function is used for two arrays in turn?",
)
def velocity_kept_elsewhere(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity lives in a global variable that all parameters of a shape share."""
    key = theta.shape
    old = 0.0 if state is None else SHARED.get(key, 0.0)
    SHARED[key] = momentum * old + grad
    return theta - learning_rate * SHARED[key], {}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="What moves a parameter in a step in which its gradient is 0?",
)
def stands_where_the_gradient_is_zero(theta, grad, state, learning_rate, momentum=0.9):
    """A parameter whose gradient is 0 in this step does not move."""
    old = 0.0 if state is None else state["v"]
    v = momentum * old + grad
    return np.where(grad == 0, theta, theta - learning_rate * v), {"v": v}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="How long does your function remember a gradient?",
)
def the_last_ten_gradients(theta, grad, state, learning_rate, momentum=0.9):
    """Only the last ten gradients count."""
    past = [*([] if state is None else state["past"]), grad][-10:]
    v = sum(momentum**age * one for age, one in enumerate(reversed(past)))
    return theta - learning_rate * v, {"past": past}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="What does Python make of `0.0 or 0.9`?",
)
def no_momentum_is_the_default(theta, grad, state, learning_rate, momentum=0.9):
    """A momentum of 0 is taken as not given."""
    momentum = momentum or 0.9
    old = 0.0 if state is None else state["v"]
    v = momentum * old + grad
    return theta - learning_rate * v, {"v": v}


@misconception(
    "momentum_step",
    caught_by="walk_with_momentum",
    hint="A step of length 0 is a step. What of it should be remembered?",
)
def nothing_learnt_without_a_rate(theta, grad, state, learning_rate, momentum=0.9):
    """With a learning rate of 0 the velocity is left as it was."""
    old = np.zeros(np.shape(theta)) if state is None else state["v"]
    v = momentum * old + grad if learning_rate else old
    return theta - learning_rate * v, {"v": v}


@misconception(
    "momentum_step",
    caught_by="momentum_remembers_by_its_state_only",
    hint="Take two steps of different walks. Is the first state still what it was?",
)
def one_velocity_for_all_walks(theta, grad, state, learning_rate, momentum=0.9):
    """The velocity is written into an array that other walks use, too."""
    v = (0.0 if state is None else momentum * state["v"]) + grad
    store = SHARED.setdefault(("velocity", np.shape(theta)), np.zeros(np.shape(theta)))
    store[...] = v
    return theta - learning_rate * v, {"v": store}


# adam_step


@misconception(
    "adam_step",
    caught_by=("first_step_is_as_long_as_the_learning_rate", "walk_with_adam"),
    hint="How long is the first step, and how long should it be?",
)
def without_the_hats(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The averages are not corrected for their start at 0."""
    state = state or {"v": 0.0, "s": 0.0}
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    return theta - learning_rate * v / (np.sqrt(s) + eps), {"v": v, "s": s}


@misconception(
    "adam_step",
    caught_by=("first_step_is_as_long_as_the_learning_rate", "walk_with_adam"),
    hint="What is t in the first step?",
)
def counts_from_zero(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """t is 0 in the first step, so the correction divides by 0."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    with np.errstate(all="ignore"):
        v_hat = v / np.float64(1 - beta1 ** state["t"])
        s_hat = s / np.float64(1 - beta2 ** state["t"])
        theta = theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps)
    return theta, {"t": state["t"] + 1, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="Which averages are remembered: with hats or without?",
)
def hats_remembered(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrected averages are remembered and corrected again."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = (beta1 * state["v"] + (1 - beta1) * grad) / (1 - beta1**t)
    s = (beta2 * state["s"] + (1 - beta2) * grad**2) / (1 - beta2**t)
    return theta - learning_rate * v / (np.sqrt(s) + eps), {"t": t, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="What is t in the third step?",
)
def counter_stands_still(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The correction is always that of the first step."""
    state = state or {"v": 0.0, "s": 0.0}
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1), s / (1 - beta2)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"v": v, "s": s}


@misconception(
    "adam_step",
    caught_by=("first_step_is_as_long_as_the_learning_rate", "walk_with_adam"),
    hint="Which beta belongs to which average?",
)
def betas_swapped(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrections use the other average's beta."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta2**t), s / (1 - beta1**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="Where does the lesson put eps?",
)
def adam_eps_inside(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """eps is under the square root."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / np.sqrt(s_hat + eps), {"t": t, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="To which root is eps added: with the hat or without?",
)
def eps_before_the_hat(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """eps is added to the root of s before the correction."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return theta - rate * v / (np.sqrt(s) + eps), {"t": t, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="What is divided by the root: the gradient, or its average?",
)
def gradient_without_average(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The step uses the gradient itself instead of its average."""
    state = state or {"t": 0, "s": 0.0}
    t = state["t"] + 1
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    s_hat = s / (1 - beta2**t)
    return theta - learning_rate * grad / (np.sqrt(s_hat) + eps), {"t": t, "s": s}


@misconception(
    "adam_step",
    caught_by="adam_remembers_by_its_state_only",
    hint="What becomes of the state if someone takes the same step once more?",
)
def adam_state_in_place(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The caller's dictionary is changed."""
    if state is None:
        state = {"t": 0, "v": 0.0, "s": 0.0}
    state["t"] += 1
    state["v"] = beta1 * state["v"] + (1 - beta1) * grad
    state["s"] = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = state["v"] / (1 - beta1 ** state["t"]), state["s"] / (1 - beta2 ** state["t"])
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), state


@misconception(
    "adam_step",
    caught_by="adam_remembers_by_its_state_only",
    hint="What if the function is used for two arrays in turn?",
)
def counter_shared(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """All parameters share one counter, which runs too fast."""
    SHARED["t"] = 1 if state is None else SHARED.get("t", 0) + 1
    t, state = SHARED["t"], state or {"v": 0.0, "s": 0.0}
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="What moves a parameter in a step in which its gradient is 0?",
)
def adam_stands_where_the_gradient_is_zero(
    theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8
):
    """A parameter whose gradient is 0 in this step does not move."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    new = theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps)
    return np.where(grad == 0, theta, new), {"t": t, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="What is t after a hundred steps?",
)
def counts_to_a_hundred(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """The counter ends at 100, and so do the hats."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = min(state["t"] + 1, 100)
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="Can a step of Adam be longer than the learning rate?",
)
def never_longer_than_the_rate(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Steps are cut to the learning rate."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    move = np.clip(v_hat / (np.sqrt(s_hat) + eps), -1, 1)
    return theta - learning_rate * move, {"t": t, "v": v, "s": s}


@misconception(
    "adam_step",
    caught_by="walk_with_adam",
    hint="Compare the default values of your function with those of (12).",
)
def another_default_of_eps(theta, grad, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-10):
    """The default of eps is that of AdaGrad."""
    state = state or {"t": 0, "v": 0.0, "s": 0.0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * grad
    s = beta2 * state["s"] + (1 - beta2) * grad**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return theta - learning_rate * v_hat / (np.sqrt(s_hat) + eps), {"t": t, "v": v, "s": s}


# fit_curve


def spread_out_start(n_hidden, rng):
    """A good place to start, for mistakes that come later."""
    w1 = rng.choice([-1.5, 1.5], size=n_hidden)
    bends = rng.uniform(-3, 3, size=n_hidden)
    return np.concatenate([w1, -w1 * bends, rng.normal(size=n_hidden) / n_hidden, [0.0]])


@misconception(
    "fit_curve",
    caught_by="comes_to_rest_on_the_curve",
    hint="The last step is as long as the first. Does theta come to rest?",
)
def constant_rate_of_adam(loss, m, n_hidden, budget, rng):
    """Adam with a constant learning rate: it never settles."""
    theta, state = spread_out_start(n_hidden, rng), None
    for _ in range(budget // 25):
        batch = rng.integers(m, size=25)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.08)
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_to_rest_on_the_curve",
    hint="The last step is as long as the first. Does theta come to rest?",
)
def constant_rate_of_momentum(loss, m, n_hidden, budget, rng):
    """Momentum with a constant learning rate."""
    theta, state = spread_out_start(n_hidden, rng), None
    for _ in range(budget // 25):
        batch = rng.integers(m, size=25)
        theta, state = momentum_step(theta, loss(theta, batch)[1], state, 0.05)
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_to_rest_on_the_curve",
    hint="Print the rates of the first and of the last step. Which should be the larger one?",
)
def rate_that_rises(loss, m, n_hidden, budget, rng):
    """The cosine is turned round: the rate begins at 0 and is largest at the end."""
    theta, state, n_steps = spread_out_start(n_hidden, rng), None, budget // 25
    for k in range(n_steps):
        rate = 0.09 * (1 - np.cos(np.pi * k / n_steps)) / 2
        batch = rng.integers(m, size=25)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, rate)
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_near_the_curve",
    hint="How far can theta get before your learning rate has become nothing?",
)
def rate_that_falls_too_fast(loss, m, n_hidden, budget, rng):
    """The rate is halved in each step, so the walk ends before it has begun."""
    theta, state = spread_out_start(n_hidden, rng), None
    for k in range(budget // 25):
        batch = rng.integers(m, size=25)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.01 * 0.5**k)
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_near_the_curve",
    hint="How many steps do you take? What would smaller batches change?",
)
def the_whole_bill_in_twenty_steps(loss, m, n_hidden, budget, rng):
    """Every step looks at all the examples, so the budget is enough for twenty."""
    theta, n_steps = spread_out_start(n_hidden, rng), budget // max(25, m)
    for k in range(n_steps):
        theta = theta - 0.005 * (1 - k / n_steps) * loss(theta, np.arange(m))[1]
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_near_the_curve",
    hint="What is the gradient of W1 where all the weights after it are 0?",
)
def start_at_zero(loss, m, n_hidden, budget, rng):
    """All parameters start at 0: only the last bias ever moves."""
    theta, state, n_steps = np.zeros(3 * n_hidden + 1), None, budget // 25
    for k in range(n_steps):
        batch = rng.integers(m, size=25)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.03 * (1 - k / n_steps))
    return theta


@misconception(
    "fit_curve",
    caught_by=(
        "keeps_to_budget_and_generator",
        "comes_near_the_curve",
        "comes_to_rest_on_the_curve",
    ),
    hint="What does a call with ten examples cost?",
)
def ten_for_the_price_of_twenty_five(loss, m, n_hidden, budget, rng):
    """Batches of 10 are counted as 10, but they cost 25: the budget ends halfway."""
    theta, state, n_steps = spread_out_start(n_hidden, rng), None, budget // 10
    for k in range(n_steps):
        batch = rng.integers(m, size=10)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.03 * (1 - k / n_steps))
    return theta


@misconception(
    "fit_curve",
    caught_by=(
        "keeps_to_budget_and_generator",
        "comes_near_the_curve",
        "comes_to_rest_on_the_curve",
    ),
    hint="What does one step cost, and for how many steps does the budget last?",
)
def as_many_epochs_as_one_likes(loss, m, n_hidden, budget, rng):
    """A hundred epochs, whatever they cost."""
    theta, state, n_epochs = spread_out_start(n_hidden, rng), None, 100
    for epoch in range(n_epochs):
        order = rng.permutation(m)
        for start in range(0, m, 50):
            gradient = loss(theta, order[start : start + 50])[1]
            theta, state = adam_step(theta, gradient, state, 0.03 * (1 - epoch / n_epochs))
    return theta


@misconception(
    "fit_curve",
    caught_by="keeps_to_budget_and_generator",
    hint="Run your function twice with the same generator. Where does the rest of the randomness "
    "come from?",
)
def chance_of_its_own(loss, m, n_hidden, budget, rng):
    """The random numbers come from a new generator, not from rng."""
    rng = np.random.default_rng()
    theta, state, n_steps = spread_out_start(n_hidden, rng), None, budget // 25
    for k in range(n_steps):
        batch = rng.integers(m, size=25)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.03 * (1 - k / n_steps))
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_near_the_curve",
    hint="How many different examples does your network ever see?",
)
def always_the_same_example(loss, m, n_hidden, budget, rng):
    """One example is drawn and used in every step: the network learns nothing else."""
    theta, state, n_steps = spread_out_start(n_hidden, rng), None, budget // 25
    batch = rng.integers(m, size=1)
    for k in range(n_steps):
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.03 * (1 - k / n_steps))
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_near_the_curve",
    hint="How much of the budget is left when your loop ends?",
)
def a_single_epoch(loss, m, n_hidden, budget, rng):
    """Each example is used once, in batches of 50; most of the budget is left over."""
    theta, order = spread_out_start(n_hidden, rng), rng.permutation(m)
    for k in range(0, min(m, budget - budget % 50), 50):
        theta = theta - 0.003 * (1 - k / m) * loss(theta, order[k : k + 50])[1]
    return theta


@misconception(
    "fit_curve",
    caught_by="comes_near_the_curve",
    hint="The gradient points uphill. Which way do you walk?",
)
def uphill(loss, m, n_hidden, budget, rng):
    """The gradient is added."""
    theta, n_steps = spread_out_start(n_hidden, rng), budget // 25
    for k in range(n_steps):
        batch = rng.integers(m, size=25)
        theta = theta + 0.1 * (1 - k / n_steps) * loss(theta, batch)[1]
    return theta


@misconception(
    "fit_curve",
    caught_by=("keeps_to_budget_and_generator", "comes_near_the_curve"),
    hint="How many numbers are W1, b1, w2 and b2 together?",
)
def last_bias_forgotten(loss, m, n_hidden, budget, rng):
    """What is returned has no b2."""
    theta, state, n_steps = spread_out_start(n_hidden, rng), None, budget // 25
    for k in range(n_steps):
        batch = rng.integers(m, size=25)
        theta, state = adam_step(theta, loss(theta, batch)[1], state, 0.03 * (1 - k / n_steps))
    return theta[:-1]


@misconception(
    "fit_curve",
    caught_by="comes_to_rest_on_the_curve",
    hint="Some batches are easier than others. What does the smallest of all losses tell you?",
)
def best_of_the_noisy_losses(loss, m, n_hidden, budget, rng):
    """The theta of the smallest loss of any batch is returned: mostly an easy batch's."""
    theta, state = spread_out_start(n_hidden, rng), None
    best, lowest = theta, np.inf
    for _ in range(budget // 25):
        J, gradient = loss(theta, rng.integers(m, size=25))
        if lowest > J:
            best, lowest = theta, J
        theta, state = adam_step(theta, gradient, state, 0.25)
    return best


@misconception(
    "fit_curve",
    caught_by="keeps_to_budget_and_generator",
    hint="Train twice, and look at the first theta again. Whose array is it?",
)
def one_array_for_all_networks(loss, m, n_hidden, budget, rng):
    """The parameters are trained in an array that the next training uses again."""
    theta = SHARED.setdefault(("network", n_hidden), np.zeros(3 * n_hidden + 1))
    slopes, bends = rng.choice([-1.5, 1.5], size=n_hidden), np.linspace(-3, 3, n_hidden)
    theta[:] = np.concatenate([slopes, -slopes * bends, np.zeros(n_hidden + 1)])
    state, spent, size = None, 0, max(25, min(50, m))
    while spent + size <= budget:
        batch = rng.integers(0, m, size=min(50, m))
        gradient = loss(theta.copy(), batch)[1]
        rate = 0.05 * (1 + np.cos(np.pi * spent / budget)) / 2
        theta[:], state = adam_step(theta, gradient, state, rate)
        spent += size
    return theta
