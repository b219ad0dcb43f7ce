"""What is put into a board's memory for one run: archives in the form that Linux unpacks at its start
(cpio, newc), appended to the base's root. Later ones win."""
import os
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


class BoardError(Exception):
    """What the user did or the machine lacks, in one sentence with its remedy."""


def archive(top, paths, out):
    """Appends `paths` (relative to `top`, folders with all that is in them) to the file `out`."""
    names = []
    for path in paths:
        for parent in reversed(Path(path).parents):
            if parent != Path("."):
                names.append(str(parent))
        names.append(str(path))
        full = Path(top) / path
        if full.is_dir() and not full.is_symlink():
            for folder, folders, files in os.walk(full):
                relative = os.path.relpath(folder, top)
                names += [os.path.join(relative, name) for name in folders + files]
    with open(out, "ab") as sink:
        # Parents before children, in one order always.
        for number, name in enumerate(sorted(set(names)), 1):
            add(sink, number, name, Path(top) / name)
        add(sink, 0, "TRAILER!!!", None)


def add(sink, number, name, path):
    """One file of an archive, root's. Its time and its number on this machine's disk stay behind: what the
    kernel reads is then the same in every run, and so is the number of instructions that it takes."""
    mode, data = 0, b""
    if path is not None:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            data = os.fsencode(os.readlink(path))
        elif stat.S_ISREG(mode):
            data = path.read_bytes()
    text = os.fsencode(name) + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(text), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields)
    for part in (header + text, data):
        sink.write(part + bytes(-len(part) % 4))


def install_takt(build, stage):
    """Puts the installed tree of a build into `stage`/opt/takt, without what only a compiler reads."""
    prefix = Path(stage) / "opt/takt"
    done = subprocess.run(["cmake", "--install", str(build), "--prefix", str(prefix)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise BoardError(f"cannot install {build}: {done.stderr.strip()}; build it first: "
                         f"cmake --build --preset {Path(build).name}")
    for useless in [prefix / "include", *prefix.rglob("cmake"), *prefix.rglob("*.a")]:
        subprocess.run(["rm", "-rf", str(useless)], check=True)
    for name in [p for p in prefix.rglob("*") if p.is_file() and p.stat().st_mode & 0o111]:
        subprocess.run(["aarch64-linux-gnu-strip", str(name)], check=False,
                       stderr=subprocess.DEVNULL)


def settings(stage, command, folder, devices, user, interactive):
    """What /init reads: see guest_init.sh."""
    board = Path(stage) / "board"
    board.mkdir(parents=True)
    values = {"folder": folder, "devices": " ".join(devices), "user": user,
              "interactive": "1" if interactive else "0"}
    (board / "settings").write_text(
        "".join(f"{key}={shlex.quote(value)}\n" for key, value in values.items()))
    (board / "run").write_text("exec " + shlex.join(command) + "\n")
    for script, place in (("guest_init.sh", "init"), ("guest_devices.sh", "board/devices"),
                          ("guest_as.sh", "board/as")):
        shutil.copy(HERE / script, Path(stage) / place)


def build_initrd(base, modules, stage, brought, out):
    """The base's root, then this run's files, in one file."""
    subprocess.run(["cp", str(Path(base) / "root.cpio"), str(out)], check=True)
    if modules:
        target = Path(stage) / "board/modules"
        target.mkdir(parents=True)
        for module in Path(modules).glob("*.ko"):
            (target / module.name).write_bytes(module.read_bytes())
    archive(stage, sorted(p.name for p in Path(stage).iterdir()), out)
    if brought:
        archive("/", [str(path).lstrip("/") for path in brought], out)
