"""Lead the archive's tables to today's form and end: ``python -m pipelines.store.migrations``.

Whoever opens an archive that is behind does so by itself, under a lock. Where many processes start
at once, this one goes first, so that it is plain who has done it and what has gone wrong.
"""

from __future__ import annotations

import sys

from config.settings import SettingsError, load_settings
from pipelines.errors import GomtinError
from pipelines.store.engine import SCHEMA_VERSION, open_store


def main() -> int:
    """Say at which form the archive is; exit code 1 when it is away, or newer than this."""
    try:
        open_store(load_settings().store_url).close()
    except (GomtinError, SettingsError) as error:
        sys.stderr.write(f"gomtin: {error}\n")
        return 1
    sys.stdout.write(f"the archive's tables are those of {SCHEMA_VERSION}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
