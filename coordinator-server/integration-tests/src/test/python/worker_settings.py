"""How a worker behaves."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class WorkerSettings:
    client_id: str = "foreign-worker"
    streams: int = 1
    hold_seconds: float = 0
    rotate_seconds: float = 60
    nack_every: int = 0
    """0: never."""

    def rotation_seconds(self) -> float:
        """The age at which one stream leaves: up to twice the least, as the original does."""
        return self.rotate_seconds * random.uniform(1, 2)

    def is_nacked(self, number: int) -> bool:
        """Whether the action that was taken as this one, counted from 1, is nacked."""
        return self.nack_every > 0 and number % self.nack_every == 0
