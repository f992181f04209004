"""A disk of its own for a server, which a test may fill or break. It needs root: a loop device is mounted."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

SIZE = 96_000_000
LEFT = 20_000  # a few pages: what a full disk still has


class Disk:
    """ext4 in a file, mounted at `folder`."""

    def __init__(self, folder: Path) -> None:
        assert os.geteuid() == 0, "run this proof as root: it mounts a disk"
        self.image, self.folder = folder / "disk.img", folder / "disk"
        self.folder.mkdir()
        with self.image.open("wb") as file:
            file.truncate(SIZE)
        self._run("mkfs.ext4", "-q", str(self.image))
        self.mount()

    def mount(self) -> None:
        self._run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.folder))
        self.instance.mkdir(mode=0o700, exist_ok=True)

    @property
    def instance(self) -> Path:
        return self.folder / "instance"

    def fill(self) -> None:
        """Leave next to nothing, for root as well, who may use what is kept back from others."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            with suppress(OSError):
                while True:
                    file.write(bytes(65536))
            file.truncate(file.tell() - LEFT)

    def make_room(self) -> None:
        (self.folder / "filler").unlink()

    def fail(self) -> None:
        """An error of the file system: the kernel then allows no further write."""
        device = self._run("findmnt", "--noheadings", "--output", "SOURCE", str(self.folder)).strip()
        Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("an error of a proof")

    def repair(self) -> None:
        self.close()
        subprocess.run(["e2fsck", "-p", self.image], check=False, capture_output=True)  # ends with 1: it was mended
        self.mount()

    def close(self) -> None:
        self._run("umount", "--lazy", str(self.folder))

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    made.close()
