"""The tables of names: making, naming and describing their entries, and what is said about an unknown one."""

from dataclasses import dataclass, field

import pytest

from unstuck.errors import OptionError
from unstuck.registry import Registry, suggestion, unknown_option


@dataclass(frozen=True)
class Dish:
    """What a menu holds."""


@dataclass(frozen=True)
class Soup(Dish):
    salt: float = 0.5
    hot: bool = True


@dataclass(frozen=True)
class Cake(Dish):
    layers: int
    secret: int = field(default=3, init=False)


@dataclass(frozen=True)
class Water(Dish):
    pass


class Bare(Soup):
    """Inherits the decoration of Soup: its own settings would not be seen."""

    pepper: float = 0.1


@pytest.fixture
def menu():
    table = Registry("dish", Dish)
    table.register_all({"soup": Soup, "cake": Cake})
    return table


@pytest.mark.parametrize(
    ("given", "known", "text"),
    [
        ("rellu", ["relu", "tanh"], " Did you mean 'relu'?"),
        ("ReLU", ["relu", "tanh"], " Did you mean 'relu'?"),
        ("age", ["Age", "Name"], " Did you mean 'Age'?"),
        ("quux", ["relu", "tanh"], ""),
        ("relu", [], ""),
    ],
)
def test_suggestion(given, known, text):
    assert suggestion(given, known) == text
    assert suggestion(given, iter(known)) == text


def test_unknown_option_lists_what_is_known():
    error = unknown_option("dish", "sop", ["soup", "cake"])
    assert isinstance(error, OptionError)
    assert isinstance(error, ValueError)
    assert str(error) == "unknown dish 'sop'. Did you mean 'soup'?\n  Known: cake, soup"


def test_create(menu):
    soup = Soup(salt=0.1)
    assert menu.create("soup") == Soup()
    assert menu.create("soup", salt=0.1) == soup
    assert menu.create("cake", layers=2).secret == 3
    assert menu.create(soup) is soup
    assert menu.create(Water()) == Water()
    assert menu.names() == ["cake", "soup"]


@pytest.mark.parametrize(
    ("given", "shown"), [("Soop", "'Soop'. Did you mean 'soup'?"), (3, "3."), (None, "None."), (Soup, f"{Soup!r}.")]
)
def test_unknown_name(menu, given, shown):
    with pytest.raises(OptionError) as caught:
        menu.create(given)
    assert str(caught.value) == f"unknown dish {shown}\n  Known: cake, soup"


@pytest.mark.parametrize(("setting", "hint"), [("sallt", " Did you mean 'salt'?"), ("x", "")])
def test_unknown_setting(menu, setting, hint):
    with pytest.raises(OptionError) as caught:
        menu.create("soup", **{setting: 1})
    assert str(caught.value) == f"unknown setting of dish 'soup' {setting!r}.{hint}\n  Known: hot, salt"


def test_settings_that_cannot_be_given_are_unknown(menu):
    with pytest.raises(OptionError) as caught:
        menu.create("cake", layers=1, secret=4)
    assert str(caught.value) == "unknown setting of dish 'cake' 'secret'.\n  Known: layers"


def test_a_name_is_given_once(menu):
    menu.register("soup", Soup)
    with pytest.raises(OptionError) as caught:
        menu.register("soup", Water)
    assert str(caught.value) == "dish 'soup' is already registered. Choose another name."
    menu.register("water", Water)
    assert menu.names() == ["cake", "soup", "water"]


@pytest.mark.parametrize("cls", [int, Soup(), "soup", Bare, dataclass(type("Plate", (), {}))])
def test_only_dataclasses_of_the_base_class(menu, cls):
    with pytest.raises(OptionError) as caught:
        menu.register("new", cls)
    assert str(caught.value) == f"cannot register {cls!r} as dish 'new'.\n  Expected a dataclass derived from Dish."
    assert "new" not in menu.names()


def test_name_of(menu):
    assert menu.name_of(Cake(layers=1)) == "cake"
    with pytest.raises(OptionError) as caught:
        menu.name_of(Water())
    assert str(caught.value) == (
        "dish Water is not registered, so it cannot be saved by name.\n  Call us.register('dish', 'its-name', Water) first."
    )


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (Soup(), "soup"),
        (Soup(salt=0.1, hot=False), "soup(salt=0.1, hot=False)"),
        (Cake(layers=3), "cake(layers=3)"),
        (Water(), "Water"),
    ],
)
def test_describe(menu, entry, text):
    assert menu.describe(entry) == text


@pytest.mark.parametrize(
    ("entry", "config"),
    [(Soup(salt=0.2), {"name": "soup", "salt": 0.2, "hot": True}), (Cake(layers=4), {"name": "cake", "layers": 4})],
)
def test_config_and_back(menu, entry, config):
    assert menu.to_config(entry) == config
    assert menu.from_config(config) == entry
    assert "name" in config


def test_config_of_an_unknown_entry(menu):
    with pytest.raises(OptionError) as caught:
        menu.from_config({"name": "pie"})
    assert str(caught.value) == "unknown dish 'pie'.\n  Known: cake, soup"
    with pytest.raises(OptionError):
        menu.to_config(Water())
