from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import SettingsError
from sayso.ledger.export import FORMATS
from sayso.settings import ExportFormat, Settings, Tolerance, load


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load({}, tmp_path) == Settings()


def test_option_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    (tmp_path / "sayso.toml").write_text('ledger = "file"\nworkers = 2\nport = 99\n')
    environ = {"SAYSO_LEDGER": "environment", "SAYSO_WORKERS": "3"}
    found = load(environ, tmp_path, ledger="option", workers=None)
    assert (found.ledger, found.workers, found.port, found.host) == ("option", 3, 99, "127.0.0.1")


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    assert load({"SAYSO_PORT": ""}, tmp_path).port == Settings().port


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("true", True), ("No", False), ("off", False)]
)
def test_private_names_is_a_switch(tmp_path: Path, value: str, meant: bool) -> None:
    assert load({"SAYSO_PRIVATE_NAMES": value}, tmp_path).private_names is meant
    assert load({"SAYSO_PRIVATE_NAMES": value}, tmp_path, private_names=True).private_names
    with pytest.raises(SettingsError, match="--private-names is 'maybe'; give true or false"):
        load({}, tmp_path, private_names="maybe")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("port = 70000", r'"port" in .*sayso\.toml is 70000; give a number from 0'),
        ("workers = true", r'"workers" .* is True'),
        ("ledger = 3", r'"ledger" .* is 3; give a folder'),
        ("leger = 'x'", r'"leger" .* is no setting; try ledger'),
        ("zzz = 1", "is no setting; try ledger, tolerate, workers, host, port"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_wrong_file_says_what_where_and_what_instead(tmp_path: Path, text, told) -> None:
    (tmp_path / "sayso.toml").write_text(text)
    with pytest.raises(SettingsError, match=told):
        load({}, tmp_path)


def test_wrong_options_and_variables_are_named_as_they_were_given(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^--workers is 0; give"):
        load({}, tmp_path, workers=0)
    with pytest.raises(SettingsError, match=r"^SAYSO_TOLERATE is 'some'; give"):
        load({"SAYSO_TOLERATE": "some"}, tmp_path)


@pytest.mark.parametrize(
    ("value", "rejected", "total", "exceeded"),
    [
        ("0", 0, 10, False),
        ("0", 1, 10, True),
        ("2", 2, 10, False),
        ("2", 3, 10, True),
        ("20%", 2, 10, False),
        ("20%", 3, 10, True),
        (0.2, 3, 10, True),
        ("0.0", 0, 0, False),
        ("1.0", 10, 10, False),
    ],
)
def test_tolerance_is_a_number_or_a_share(value, rejected, total, exceeded) -> None:
    assert Tolerance.parse(value).exceeded(rejected, total) is exceeded


@pytest.mark.parametrize("value", ["-1", "101%", "1.5", "nan", "", "two", True])
def test_what_is_neither_is_refused(value) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the settings tell what was wrong
        Tolerance.parse(value)


def test_all_formats_that_the_ledger_writes_may_be_asked_for() -> None:
    assert {form.value for form in ExportFormat} == set(FORMATS)
