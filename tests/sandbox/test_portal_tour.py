"""The tour names every carrier with what one needs to use its site, and its files are taken there."""

from sandbox.portals.checks import check_bill
from sandbox.portals.reader import read_file
from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME, sample_world
from sandbox.portals.tour import main, tour, write_files
from sandbox.portals.world import parse_world


def test_tour_names_every_site_with_its_log_in_and_files(tmp_path):
    document = sample_world()
    world = parse_world(document)
    text = "\n".join(tour(world, write_files(document, tmp_path), 8790, 8791))
    for slug, site in world.sites.items():
        assert f"http://{slug}.localhost:8790/\n    user {USERNAME}  password {PASSWORD}" in text
        assert f"Platform {site.platform}: " in text
    for slug, carrier in world.carriers.items():
        assert f"{carrier.name}: {tmp_path / slug}.txt, matter {carrier.client_id}-1" in text
    assert text.count(TOTP_SECRET) == 1
    assert "curl http://127.0.0.1:8791/faults -d" in text


def test_files_of_the_tour_are_in_order(tmp_path):
    document = sample_world()
    world = parse_world(document)
    for slug, path in write_files(document, tmp_path).items():
        reading = read_file(path.read_bytes())
        assert check_bill(reading.bill, world.carriers[slug], world) == reading.findings == []


def test_tour_says_which_port_is_taken(tmp_path, capsys, monkeypatch):
    def taken(*_):
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("sandbox.portals.tour.PortalServer", taken)
    assert main(["--port", "8790", "--directory", str(tmp_path)]) == 1
    assert "make portals PORT=8890" in capsys.readouterr().out
