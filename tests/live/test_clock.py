"""Code that does not end is ended, whatever it is at; code that ends is left alone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from nngrade.live.clock import Clock, TooLong, limited


def spin() -> None:
    while True:
        pass


def catch_everything() -> None:
    while True:
        try:
            spin()
        except Exception:
            pass


def catch_once_and_go_on() -> None:
    try:
        spin()
    except BaseException:
        spin()


def sleep() -> None:
    time.sleep(20)


def swallow_forever_for_a_while() -> None:
    for _ in range(3):
        try:
            spin()
        except BaseException:
            pass
    spin()


@pytest.mark.parametrize(
    "work", [spin, catch_everything, catch_once_and_go_on, sleep, swallow_forever_for_a_while]
)
def test_what_does_not_end_is_ended(work):
    start = time.perf_counter()
    with pytest.raises(TooLong), limited(0.1):
        work()
    assert time.perf_counter() - start < 10


def test_what_ends_in_time_is_left_alone():
    with limited(5.0):
        done = sum(range(1000))
    assert done == 499500
    time.sleep(0.05)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_exceptions_of_the_code_itself_go_through(error):
    with pytest.raises(error), limited(5.0):
        raise error


def test_a_clock_that_was_stopped_never_goes_off():
    too_long = 0
    for number in range(300):
        try:
            with limited(0.002):
                spin_for(number % 10 * 0.0003)
        except TooLong:
            too_long += 1
        # Here nothing may be raised any more.
        spin_for(0.0005)
    assert too_long < 300


def spin_for(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def test_stopping_twice_does_no_harm():
    clock = Clock(5.0)
    clock.start()
    clock.stop()
    clock.stop()
    assert not clock.fired


def test_a_clock_that_is_hurried_goes_off_sooner():
    clock = Clock(60.0)
    clock.start()
    start = time.perf_counter()
    clock.hurry(0.1)
    with pytest.raises(TooLong):
        spin()
    clock.stop()
    assert time.perf_counter() - start < 10


def test_only_the_thread_that_asked_is_ended():
    ended = []

    def beside() -> None:
        spin_for(0.5)
        ended.append(True)

    other = threading.Thread(target=beside)
    other.start()
    with pytest.raises(TooLong), limited(0.1):
        spin()
    other.join()
    assert ended == [True]


def test_it_works_in_any_thread():
    seen = []

    def work() -> None:
        try:
            with limited(0.1):
                spin()
        except TooLong:
            seen.append("ended")

    other = threading.Thread(target=work)
    other.start()
    other.join(10)
    assert seen == ["ended"]


def test_no_thread_is_left_behind():
    for _ in range(20):
        with limited(30.0):
            pass
    time.sleep(0.1)
    assert not [one for one in threading.enumerate() if one.name == "nngrade-clock"]


TRACED = """
import sys
from nngrade.live.clock import TooLong, limited

def trace(*_):
    return trace

def called():
    pass

try:
    with limited(0.05):
        while True:
            pass
except TooLong:
    pass
with limited(5):
    called()
sys.settrace(trace)
called()
"""


@pytest.mark.thorough
def test_code_can_be_traced_after_a_clock():
    # Python 3.11 waits for ever where an exception was planted and taken back without another.
    subprocess.run([sys.executable, "-c", TRACED], check=True, timeout=30)
