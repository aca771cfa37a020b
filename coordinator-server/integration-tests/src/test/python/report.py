"""One line per check on standard output, to be read by people and by the script that started it."""

MOST_CHARACTERS = 400


class Wrong(Exception):
    """A check failed; the message says what was expected and what came."""


def expect(fact: bool, message: str) -> None:
    if not fact:
        raise Wrong(message)


class Report:
    def __init__(self, grpcio: str) -> None:
        self.passed = 0
        self.failed = 0
        self._grpcio = grpcio

    def run(self, check: str, body) -> None:
        """Runs one check. It fails by raising; a dict that it returns is printed as its figures."""
        try:
            figures = body() or {}
        except Exception as e:  # whatever a check dies of is its result
            reason = str(e) if isinstance(e, Wrong) else f"{type(e).__name__}: {e}"
            self._print(False, check, {"reason": " ".join(reason.split())[:MOST_CHARACTERS]})
        else:
            self._print(True, check, figures)

    def relay(self, line: str) -> None:
        """Takes over a line that another report printed."""
        self._count(line.startswith("PASS "))
        print(line, flush=True)

    def _print(self, passed: bool, check: str, figures: dict) -> None:
        self._count(passed)
        pairs = "".join(f" {key}={value}" for key, value in figures.items())
        word = "PASS" if passed else "FAIL"
        print(f"{word} grpcio={self._grpcio} check={check}{pairs}", flush=True)

    def _count(self, passed: bool) -> None:
        if passed:
            self.passed += 1
        else:
            self.failed += 1
