"""Fetching from a real server, politely and from public places only."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.documents import LINE, PAGE, RSS
from tests.imported import take_in
from tests.pages import text, where
from training import intake
from training.corpus import fetching
from training.corpus.fetching import Fetcher, FetchError, is_public, parsed
from training.corpus.reading.listings import links_in
from training.models import Import, Pair, Source


class Site:
    """Path -> status, headers, body; and who asked for what."""

    def __init__(self):
        self.pages, self.asked = {}, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append((self.path, self.headers))
                status, headers, body = site.pages.get(self.path, (404, {}, b"Nothing."))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for part in [body] if isinstance(body, bytes) else body:
                    try:
                        self.wfile.write(part)
                    except OSError:
                        return

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def put(self, path, body, status=200, **headers):
        body = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    def paths(self):
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def site():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def fetcher():
    return Fetcher(private=True, pause=0)


def refused(fetcher, address):
    with pytest.raises(FetchError) as problem:
        fetcher.fetch(address)
    return str(problem.value)


def test_a_page_comes_with_its_name_and_says_who_asks(site, fetcher):
    site.put("/blog/our%20rye/?a=%C3%A9", PAGE)
    found = fetcher.fetch(f"{site.address}/blog/our rye/?a=é#top")
    assert (found.name, found.raw) == ("our rye", PAGE.encode())
    assert found.url == f"{site.address}/blog/our%20rye/?a=%C3%A9"
    headers = site.asked[-1][1]
    assert headers["User-Agent"].startswith("VoiceLab") and headers["Host"] == f"127.0.0.1:{site.port}"


def test_redirects_are_followed_and_end_somewhere(site, fetcher):
    site.put("/old", b"", 301, Location="/new")
    site.put("/new", b"", 302, Location=f"{site.address}/newer")
    site.put("/newer", PAGE)
    assert fetcher.fetch(f"{site.address}/old").url == f"{site.address}/newer"
    site.put("/round", b"", 307, Location="/round")
    assert refused(fetcher, f"{site.address}/round") == "it leads from one address to the next without end."


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://example.com/x", "is no address of a page; write it as https://"),
        ("file:///etc/passwd", "is no address of a page"),
        ("//example.com", "is no address of a page"),
        ("nonsense", "is no address of a page"),
        ("http://me:secret@example.com/", "an address with a name or password in it is not fetched."),
        ("http://example.com:22/", "only ports 80 and 443 are asked, not 22."),
        ("http://example.com:port/", "is no address"),
        ("http://[::1/", "is no address"),
        ("http://e" + "x" * 3000, "longer than 2,000 characters"),
    ],
)
def test_an_address_that_is_none_is_said(address, reason):
    with pytest.raises(FetchError, match=reason):
        parsed(address)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
        ),
        *("127.1", "0x7f.0.0.1", "2130706433", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[::ffff:10.0.0.1]"),
        *("[::ffff:8.8.8.8]", "[64:ff9b::a00:1]", "[64:ff9b:1::1]", "[2002:a00:1::]", "224.0.0.1", "255.255.255.255"),
        *("[ff02::1]", "[2001:db8::1]", "[::10.0.0.1]", "198.18.0.1", "100.64.0.1"),
    ],
)
def test_what_is_not_public_is_never_asked(host, monkeypatch):
    monkeypatch.setattr(fetching, "HTTPConnection", None)
    said = refused(Fetcher(pause=0), f"http://{host}/")
    assert "private network" in said or "there is no server" in said


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111"])
def test_public_addresses_are_public(address):
    assert is_public(address)


def names(monkeypatch, **hosts):
    """Let these names resolve to these addresses, one after another on each look, and note who is connected to."""
    connected = []

    def look_up(host, port, **more):
        found = hosts[host].pop(0) if len(hosts[host]) > 1 else hosts[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    class Connection:
        def __init__(self, address, port, timeout):
            connected.append(address)

        def connect(self):
            raise ConnectionRefusedError

        def close(self):
            pass

    monkeypatch.setattr(fetching.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(fetching, "HTTPConnection", Connection)
    return connected


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    connected = names(monkeypatch, mixed=[["8.8.8.8", "10.0.0.1"]])
    assert "inside a private network" in refused(Fetcher(pause=0), "http://mixed/") and connected == []


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_looked_at(monkeypatch):
    connected = names(monkeypatch, rebinding=[["8.8.8.8"], ["127.0.0.1"]])
    assert refused(Fetcher(pause=0), "http://rebinding/") == "rebinding does not answer."
    assert connected == ["8.8.8.8"]


def test_a_redirect_into_the_house_is_refused(monkeypatch):
    def get(self, place, limit, cut=False):
        if place.host == "127.0.0.1":
            return Fetcher.connected(self, place)
        moved = {"Location": "http://127.0.0.1/admin"} if place.path != "/robots.txt" else {}
        return fetching.Answer(302 if moved else 404, "", moved, b"")

    monkeypatch.setattr(Fetcher, "get", get)
    assert "127.0.0.1 is inside a private network" in refused(Fetcher(pause=0), "http://8.8.8.8/")


def test_robots_are_heard(site, fetcher):
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n\nUser-agent: VoiceLab\nDisallow: /secret/")
    site.put("/private/a", PAGE)
    site.put("/secret/a", PAGE)
    assert fetcher.fetch(f"{site.address}/private/a").raw
    assert "asks programs not to fetch it" in refused(fetcher, f"{site.address}/secret/a")
    assert [path for path, _ in site.asked].count("/robots.txt") == 1 and site.paths() == ["/private/a"]


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "asks programs not to"), (403, "asks programs not to"), (503, "cannot be read now")]
)
def test_robots_that_are_shut_or_broken_shut_the_site(site, fetcher, status, reason):
    site.put("/robots.txt", "Broken.", status)
    site.put("/a", PAGE)
    assert reason in refused(fetcher, f"{site.address}/a") and reason in refused(fetcher, f"{site.address}/a")
    assert len(site.asked) == 1


def test_pages_of_one_host_are_asked_with_a_pause(site, monkeypatch):
    waited = []
    monkeypatch.setattr(fetching.time, "sleep", waited.append)
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 3")
    site.put("/a", PAGE)
    fetcher = Fetcher(private=True)
    for _ in range(2):
        fetcher.fetch(f"{site.address}/a")
    assert waited[0] == 0 and 2.5 < waited[1] <= 3


def test_too_much_is_refused_however_it_is_packed(site, fetcher, monkeypatch):
    monkeypatch.setattr(fetching, "MAXIMUM_BYTES", 2**20)
    site.put("/large", bytes(2 * 2**20))
    bomb = gzip.compress(bytes(200 * 2**20))
    site.put("/bomb", bomb, Content_Encoding="gzip")
    site.put("/sitemap.xml.gz", bomb)
    assert refused(fetcher, f"{site.address}/large") == "it is larger than 1 MB."
    assert refused(fetcher, f"{site.address}/bomb") == "it is larger than 1 MB."
    assert refused(fetcher, f"{site.address}/sitemap.xml.gz") == "it would unpack to more than 1 MB."
    site.put("/small", gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    assert fetcher.fetch(f"{site.address}/small").raw == PAGE.encode()


def test_a_server_that_drips_is_left(site, fetcher, monkeypatch):
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.5)

    def drip():
        for _ in range(100):
            time.sleep(0.05)
            yield b"x"

    site.pages["/drip"] = (200, {}, drip())
    began = time.monotonic()
    site.put("/robots.txt", b"")
    refused(fetcher, f"{site.address}/drip")
    assert time.monotonic() - began < 3


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here to make a certificate with")
def test_a_certificate_must_be_for_the_name_and_not_for_the_address_behind_it(site, fetcher, monkeypatch, tmp_path):
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example -addext subjectAltName=DNS:shop.example"
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", *made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    site.server.socket = served.wrap_socket(site.server.socket, server_side=True)
    site.put("/rye", PAGE)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.port))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *asked, **more: found)
    assert refused(fetcher, f"https://shop.example:{site.port}/rye") == "shop.example shows no valid certificate."
    trusted = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(fetching.ssl, "create_default_context", lambda: trusted)
    fetcher.robots.clear()
    assert fetcher.fetch(f"https://shop.example:{site.port}/rye").raw == PAGE.encode()
    assert "no valid certificate" in refused(fetcher, f"https://other.example:{site.port}/rye")


def test_what_does_not_answer_is_said(site, fetcher):
    assert refused(fetcher, f"{site.address}/gone") == "the server answers 404 Not Found."
    assert refused(fetcher, "http://127.0.0.1:1/") == "127.0.0.1 does not answer."
    assert refused(fetcher, "https://nobody.invalid/") == "there is no server called nobody.invalid."
    assert "127.0.0.1" in refused(fetcher, f"https://127.0.0.1:{site.port}/")


SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def sitemap(*links):
    return SITEMAP.format("".join(f"<url><loc>{link}</loc></url>" for link in links))


def test_sitemaps_and_feeds_are_lists_of_pages():
    found = links_in(sitemap("https://a.example/1?x=1&amp;y=2", "https://a.example/2", "https://a.example/2").encode())
    assert (found.kind, found.links) == ("sitemap", ["https://a.example/1?x=1&y=2", "https://a.example/2"])
    index = "<sitemapindex><sitemap><loc> https://a.example/s.xml </loc></sitemap></sitemapindex>"
    assert (links_in(index.encode()).kind, links_in(index.encode()).links) == ("index", ["https://a.example/s.xml"])
    short = "<rss><channel><link>https://a.example</link><item><link>https://a.example/1</link></item></channel></rss>"
    assert (links_in(short.encode()).kind, links_in(short.encode()).links) == ("feed", ["https://a.example/1"])
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="https://a.example/x"/>'
        '<link href="https://a.example/1"/><summary>Short.</summary></entry></feed>'
    )
    assert links_in(atom.encode()).links == ["https://a.example/1"]


@pytest.mark.parametrize("raw", [RSS, PAGE, LINE, "<urlset>", "<urlset></urlset>", "<rss/>", "", "\0<feed"])
def test_all_else_is_a_file_like_any_other(raw):
    assert links_in(raw.encode()) is None


def page(bread):
    return PAGE.replace("rye", bread).replace("Rye", bread.capitalize())


@pytest.fixture
def fetched(settings, tmp_path, monkeypatch, client, anna, voice):
    """Post an address, let the worker work, and give the import."""
    settings.IMPORTS, settings.FETCH_PRIVATE = tmp_path / "imports", True
    monkeypatch.setattr(intake, "Fetcher", lambda private: Fetcher(private=private, pause=0))
    client.force_login(anna)

    def fetch(address, **fields):
        response = client.post(where("sources", voice), {"address": address, "key": uuid.uuid4(), **fields})
        assert response.status_code == 302, text(response)
        return take_in()

    return fetch


def outcomes(job):
    return {file.name: (file.state, file.reason) for file in job.files.order_by("position")}


def test_a_page_becomes_a_source_that_knows_its_address(site, fetched, client, voice):
    site.put("/blog/rye", PAGE)
    job = fetched(f"{site.address}/blog/rye", licence="own copy")
    source = Source.objects.get()
    assert (source.name, source.url, source.licence) == ("rye", f"{site.address}/blog/rye", "own copy")
    assert job.origin == "url" and Pair.objects.get().output == LINE
    assert f'href="{source.url}"' in client.get(where("source", voice, source.pk)).text


def test_a_sitemaps_pages_are_fetched_one_by_one(site, fetched):
    index = "<sitemapindex>{}</sitemapindex>"
    site.put("/sitemap.xml", index.format(f"<sitemap><loc>{site.address}/posts.xml.gz</loc></sitemap>"))
    links = [f"{site.address}/{name}" for name in ("rye", "oats", "gone")]
    site.put("/posts.xml.gz", gzip.compress(sitemap(*links, f"{site.address}/sitemap.xml").encode()))
    site.put("/rye", page("rye"))
    site.put("/oats", page("oats"))
    job = fetched(f"{site.address}/sitemap.xml")
    assert job.origin == "sitemap" and outcomes(job) == {
        "sitemap.xml": ("opened", "It lists 1 addresses."),
        "posts.xml.gz": ("opened", "It lists 4 addresses."),
        "rye": ("imported", ""),
        "oats": ("imported", ""),
        links[2]: ("refused", "the server answers 404 Not Found."),
    }
    assert site.paths() == ["/sitemap.xml", "/posts.xml.gz", "/rye", "/oats", "/gone"]


def test_more_pages_than_an_import_fetches_are_left_out_and_said(site, fetched, monkeypatch):
    monkeypatch.setattr(intake, "PAGES", 3)
    links = [f"{site.address}/{number}" for number in range(5)]
    for number in range(5):
        site.put(f"/{number}", page(f"loaf {number}"))
    site.put("/sitemap.xml", sitemap(*links))
    job = fetched(f"{site.address}/sitemap.xml")
    assert job.files.filter(state="imported").count() == 2
    told = job.files.get(state="opened").reason
    assert told == "It lists 5 addresses. An import fetches 3 at most, so 3 are left out."


def test_a_feed_of_summaries_leads_to_its_pages_and_a_whole_one_is_read(site, fetched):
    items = "".join(
        f"<item><link>{site.address}/{name}</link><description>Short.</description></item>" for name in "ab"
    )
    site.put("/feed", f"<rss><channel>{items}</channel></rss>")
    site.put("/a", page("rye"))
    site.put("/b", page("oats"))
    job = fetched(f"{site.address}/feed")
    assert job.origin == "feed" and Source.objects.count() == 2
    site.put("/whole", RSS.replace("rye", "spelt"))
    job = fetched(f"{site.address}/whole")
    assert [source.kind for source in Source.objects.filter(url__endswith="whole")] == ["rss"]


def test_an_address_in_the_house_is_refused_with_the_reason(site, fetched, settings):
    settings.FETCH_PRIVATE = False
    site.put("/a", PAGE)
    [(_, (state, reason))] = outcomes(fetched("http://localhost/a")).items()
    assert state == "refused" and reason == "localhost is inside a private network, where VoiceLab fetches nothing."
    [(_, (state, reason))] = outcomes(fetched(f"{site.address}/a")).items()
    assert state == "refused" and "only ports 80 and 443" in reason and site.asked == []


def test_an_address_that_is_none_makes_no_import(client, anna, voice):
    client.force_login(anna)
    response = client.post(where("sources", voice), {"address": "file:///etc/passwd"})
    assert response.status_code == 422 and "is no address of a page" in response.text
    assert not Import.objects.exists()


def test_an_address_is_imported_by_command(site, voice, settings, capsys):
    from django.core.management import call_command

    settings.FETCH_PRIVATE = True
    site.put("/rye", PAGE)
    call_command("import_copy", "house", f"{site.address}/rye", licence="own copy")
    assert "1 files imported, 1 proposed pairs" in capsys.readouterr().out
    assert (Import.objects.get().origin, Source.objects.get().licence) == ("command", "own copy")
