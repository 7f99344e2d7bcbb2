"""The files of one import, taken in one by one: fetched or found, read in the child, cleaned, stored, settled."""

from __future__ import annotations

import hashlib
import logging
import threading
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max

from training.corpus.fetching import Fetcher
from training.corpus.reading.child import Child, Limits
from training.corpus.reading.document import ReadError, Reading
from training.corpus.reading.listings import Listing
from training.importing import HereAlready, bytes_of, prepare, shown, store
from training.models import Import, ImportFile

log = logging.getLogger(__name__)

PAGES = 500
"""Addresses that one import fetches at most."""
TOLD = 200
"""Rows left out of one file that are kept in words; the others are counted."""


class Lost(Exception):
    """Another process holds the import, or it is over."""


class Stopped(Exception):
    """This process is to stop; the import goes on in another one."""


class Intake:
    """`bytes_of` gives a file's raw bytes or raises `ReadError`; without one they lie in the import's folder."""

    def __init__(
        self,
        job: Import,
        claim: uuid.UUID,
        *,
        stopping: threading.Event | None = None,
        bytes_of: Callable[[ImportFile], bytes] | None = None,
        told: Callable[[ImportFile], None] | None = None,
    ) -> None:
        self.job, self.claim, self.stopping = job, claim, stopping
        self.bytes_of = bytes_of or self.upload_of
        self.told = told or (lambda file: None)
        self.child = Child(Limits())
        self.fetcher = Fetcher(private=settings.FETCH_PRIVATE)

    def take_all(self) -> None:
        """Settle every file that waits; after a cancel, those that are left as cancelled. Raises `Lost`, `Stopped`."""
        waiting = self.job.files.filter(state=ImportFile.State.WAITING).order_by("position")
        try:
            while file := waiting.first():
                if not self.goes_on():
                    waiting.update(state=ImportFile.State.CANCELLED)
                    return
                self.take(file)
                (self.job.folder / str(file.pk)).unlink(missing_ok=True)
        finally:
            self.child.close()

    def goes_on(self) -> bool:
        """False once somebody asked to cancel. Raises `Lost`, `Stopped`."""
        if self.stopping and self.stopping.is_set():
            raise Stopped
        asked = self.job.held(self.claim).values_list("cancel_requested", flat=True).first()
        if asked is None:
            raise Lost
        return not asked

    def take(self, file: ImportFile) -> None:
        """Everything that one row stands for: a file, an archive's files, or the pages that an address lists."""
        try:
            raw, url = self.raw_of(file)
        except ReadError as error:
            self.settle(file, ImportFile.State.REFUSED, reason=str(error))
            return
        file.sha256 = hashlib.sha256(raw).hexdigest()
        if file.url and (listing := self.child.links(file.name, raw)):
            self.open_listing(file, listing)
            return
        # Of an archive that a kill cut short, these are done.
        done = file.children.count()
        position = self.next_position()
        for reading in self.child.read(file.name, raw, done):
            if reading.name == file.name:
                self.store(file, reading, url)
                return
            if not self.goes_on():
                self.settle(file, ImportFile.State.CANCELLED, reason="Cancelled before all of its files were read.")
                return
            member = ImportFile(
                job=self.job, parent=file, position=position, name=shown(reading.name)[:400], state=file.state
            )
            member.sha256 = hashlib.sha256(reading.raw).hexdigest() if reading.raw else ""
            self.store(member, reading, url)
            position += 1
        self.settle(file, ImportFile.State.OPENED)

    def raw_of(self, file: ImportFile) -> tuple[bytes, str]:
        """The bytes, and the address that they are from in the end."""
        if not file.url:
            return self.bytes_of(file), ""
        fetched = self.fetcher.fetch(file.url)
        if file.name == file.url[:400]:
            file.name = fetched.name
        return fetched.raw, fetched.url

    def upload_of(self, file: ImportFile) -> bytes:
        try:
            return bytes_of(self.job.folder / str(file.pk))
        except OSError as error:
            raise ReadError("its upload is gone. Import it again.") from error

    def open_listing(self, file: ImportFile, listing: Listing) -> None:
        """Each page that the address lists becomes a row that waits, as far as the import's limit goes."""
        known = set(self.job.files.exclude(url="").values_list("url", flat=True))
        links = [link for link in listing.links if link not in known]
        room = max(0, PAGES - len(known))
        position = self.next_position()
        reason = f"It lists {len(listing.links):,} addresses."
        if len(links) > room:
            reason += f" An import fetches {PAGES} at most, so {len(links) - room:,} are left out."
        rows = [
            ImportFile(job=self.job, parent=file, position=position + number, name=shown(link)[:400], url=shown(link))
            for number, link in enumerate(links[:room])
        ]
        found = Import.Origin.FEED if listing.kind == "feed" else Import.Origin.SITEMAP
        with transaction.atomic():
            self.hold(**({"origin": found} if self.job.origin == Import.Origin.URL else {}))
            ImportFile.objects.bulk_create(rows, batch_size=500)
            self.mark(file, ImportFile.State.OPENED, reason=reason)
        self.told(file)

    def store(self, file: ImportFile, reading: Reading, url: str) -> None:
        """What was read, and the row's new state, in one transaction."""
        file.rows_left_out = len(reading.problems)
        file.left_out = [str(problem) for problem in reading.problems[:TOLD]]
        try:
            prepared = prepare(self.job.voice, reading, licence=self.job.licence, channel=self.job.channel, url=url)
            with transaction.atomic():
                self.hold()
                store(self.job.voice, prepared)
                file.source, file.pairs = prepared.source, len(prepared.proposed)
                self.mark(file, ImportFile.State.IMPORTED)
            self.told(file)
        except HereAlready as error:
            file.source, file.pairs = error.source, 0
            self.settle(file, ImportFile.State.KNOWN, reason=str(error))
        except ReadError as error:
            self.settle(file, ImportFile.State.REFUSED, reason=str(error))
        except (Lost, OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("Import %s: %s could not be stored.", self.job.pk, file.name)
            reason = f"VoiceLab broke on it ({type(error).__name__}); the worker's log says more."
            self.settle(file, ImportFile.State.REFUSED, reason=reason)

    def settle(self, file: ImportFile, state: str, reason: str = "") -> None:
        with transaction.atomic():
            self.hold()
            self.mark(file, state, reason)
        self.told(file)

    def mark(self, file: ImportFile, state: str, reason: str = "") -> None:
        file.state, file.reason = state, reason
        file.save()

    def hold(self, **fields: object) -> None:
        """Renew the lease in the transaction of what is stored. Raises `Lost`, and with that takes all of it back."""
        if not self.job.renew(self.claim, **fields):
            raise Lost

    def tell_left(self, left: int) -> None:
        """Progress of the look across all documents: passages that wait to be cleaned again."""
        if self.stopping and self.stopping.is_set():
            raise Stopped
        self.hold(progress={"left": left})

    def tell_looked(self, looked: int, of: int) -> None:
        """Progress of the look for near-copies: texts read, and of how many."""
        if self.stopping and self.stopping.is_set():
            raise Stopped
        self.hold(progress={"looked": looked, "of": of})

    def next_position(self) -> int:
        return (self.job.files.aggregate(last=Max("position"))["last"] or 0) + 1
