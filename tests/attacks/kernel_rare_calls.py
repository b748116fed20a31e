"""Tries the system calls that have opened kernels before: io_uring, bpf, perf, keys, faults."""

# says: all refused
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == "aarch64"
NEW = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "pidfd_open": 434, "openat2": 437, "mount_setattr": 442, "landlock_create_ruleset": 444,
    "memfd_secret": 447, "process_mrelease": 448, "futex_waitv": 449, "cachestat": 451,
}
OLD = {
    "bpf": (321, 280), "perf_event_open": (298, 241), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "userfaultfd": (323, 282), "memfd_create": (319, 279),
    "seccomp": (317, 277), "kexec_load": (246, 104), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "quotactl": (179, 60),
    "swapon": (167, 224), "reboot": (169, 142), "syslog": (103, 116), "acct": (163, 89),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "fanotify_init": (300, 262), "inotify_init1": (294, 26), "lookup_dcookie": (212, 18),
    "move_pages": (279, 239), "mbind": (237, 235), "remap_file_pages": (216, 234),
    "timer_create": (222, 107), "timerfd_create": (283, 85), "signalfd4": (289, 74),
    "name_to_handle_at": (303, 264), "vmsplice": (278, 75), "tee": (276, 77), "splice": (275, 76),
    "execve": (59, 221), "execveat": (322, 281), "socket": (41, 198), "connect": (42, 203),
    "sendmsg": (46, 211), "sendmmsg": (307, 269), "rt_sigqueueinfo": (129, 138), "tkill": (200, 130),
    "chmod": (268, 53), "chown": (260, 54), "symlinkat": (266, 36), "linkat": (265, 37),
    "mknodat": (259, 33), "fallocate": (285, 47), "mlockall": (151, 230), "io_setup": (206, 0),
}

# %% task="total"
def total(values):
    numbers = {**NEW, **{name: pair[ARM] for name, pair in OLD.items()}}
    for name, number in numbers.items():
        result = libc.syscall(number, 0, 0, 0, 0, 0, 0)
        if result != -1 or ctypes.get_errno() not in (1, 38):
            raise RuntimeError(f"BROKEN OUT: {name} {result} {os.strerror(ctypes.get_errno())}")
    raise RuntimeError("all refused")
