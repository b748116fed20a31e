import pytest

# A helper's failing assertion shows its values, as that of a test does.
pytest.register_assert_rewrite("tests.helpers")
