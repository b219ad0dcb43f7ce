"""The emulated machine: its parts, its start, its end."""
import shutil
import subprocess
import threading
from pathlib import Path

from image import BoardError

# A date long after every file's, and the same in every run.
CLOCK = "2030-01-01T00:00:00"


def arguments(base, initrd, work, options):
    """qemu's arguments. `work` is a folder of this run alone."""
    kernel = ["console=ttyAMA0", "quiet", "panic=-1"]
    call = ["qemu-system-aarch64", "-M", "virt,gic-version=3", "-cpu", "cortex-a72",
            "-smp", str(options.smp), "-m", str(options.memory), "-display", "none", "-no-reboot",
            "-nodefaults", "-kernel", str(Path(base) / "kernel"), "-initrd", str(initrd)]
    if options.counted:
        # Guest time is the number of instructions executed, one a nanosecond: this machine's load does
        # not show in it. The processors take turns. What is random in it is the same in every run, and
        # there from the start (the seed in the device tree): a kernel that had to gather it by itself
        # would keep the first program that asks for it waiting for a second.
        kernel += ["nokaslr", "norandmaps"]
        call += ["-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off",
                 "-rtc", f"base={CLOCK},clock=vm", "-seed", "1"]
    else:
        call += ["-accel", "tcg,thread=multi"]
    call += ["-append", " ".join(kernel + options.append)]
    for group in options.devices:
        call += {
            "can": ["-object", "can-bus,id=bus", "-device", "kvaser_pci,canbus=bus",
                    "-device", "kvaser_pci,canbus=bus"],
            "watchdog": ["-device", "i6300esb", "-action", "watchdog=reset"],
            "serial": ["-chardev", f"socket,id=serial,path={options.results}/serial.sock,"
                       "server=on,wait=off", "-device", "pci-serial,chardev=serial"],
        }.get(group, [])
    return call


def need_qemu():
    if shutil.which("qemu-system-aarch64") is None:
        raise BoardError("qemu-system-aarch64 is missing; install it: apt-get install qemu-system-arm")


def interactive(call):
    """A shell on the board's console; ends with the shell."""
    return subprocess.run(call + ["-serial", "mon:stdio"]).returncode


class Ports:
    """Ways out of the guest: two streams that are passed on at once, and two files for the end."""

    def __init__(self, work, out, err):
        self.work, self.threads, self.ends = work, [], []
        # Without ioeventfd a write is done when the guest's instruction is, at no time of the host's.
        self.arguments = ["-device", "virtio-serial-pci,ioeventfd=off", "-serial",
                          f"file:{work}/console"]
        for name, sink in (("out", out), ("err", err)):
            self._stream(name, sink)
        for name in ("results", "status"):
            self._port(name, f"{work}/{name}")

    def _port(self, name, path):
        self.arguments += ["-chardev", f"file,id={name},path={path}",
                           "-device", f"virtserialport,chardev={name},name={name}"]

    def _stream(self, name, sink):
        import os
        read_end, write_end = os.pipe()
        self.ends.append(write_end)
        self._port(name, f"/dev/fd/{write_end}")

        def pass_on():
            while True:
                block = os.read(read_end, 65536)
                if not block:
                    os.close(read_end)
                    return
                sink.write(block)
                sink.flush()
        self.threads.append(threading.Thread(target=pass_on, daemon=True))

    def started(self):
        import os
        for end in self.ends:
            os.close(end)
        for thread in self.threads:
            thread.start()

    def finished(self):
        for thread in self.threads:
            thread.join(timeout=10)


def run(call, work, out, err, time_limit):
    """Runs the machine to its end: (exit status of the command or None, ran into the limit)."""
    ports = Ports(work, out, err)
    machine = subprocess.Popen(call + ports.arguments, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=open(f"{work}/qemu", "wb"),
                               pass_fds=ports.ends)
    ports.started()
    try:
        machine.wait(timeout=time_limit)
        over = False
    except subprocess.TimeoutExpired:
        over = True
    finally:
        if machine.poll() is None:
            machine.kill()
            machine.wait()
    ports.finished()
    status = Path(work) / "status"
    text = status.read_text().strip() if status.exists() else ""
    return (int(text) if text else None), over
