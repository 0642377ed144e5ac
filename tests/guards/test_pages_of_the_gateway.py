"""The gateway's pages: area and subject have the same names in code, templates and texts."""

import re
from importlib import import_module
from pathlib import Path

from jinja2 import meta, nodes

from services.gateway.pages import ROUTERS
from services.gateway.pages.kit.frame import environment_of
from services.gateway.texts import AREAS as AREA_OF
from services.gateway.texts import PAGES
from tests.guards.sources import ROOT

GATEWAY = ROOT / "services/gateway"
AREAS = sorted(
    path.name for path in (GATEWAY / "pages").iterdir() if path.is_dir() and path.name not in ("kit", "__pycache__")
)
_TEXT = re.compile(r"\bt\.(\w+)(?:\.(\w+))?")
_IN_CODE = re.compile(r"""\bPAGES\[[\w.]+\]\[["'](\w+)["']\](?:\[["'](\w+)["']\])?""")
_TEMPLATE = re.compile(r"(?:extends|import|include) \"([\w/]+)\.html\"")
_RENDERED = re.compile(r"\brender_(?:page|part)\(\s*(?:[\w.]+,\s*)?\"([\w/]+)\"")
# A page that renders any template of a folder.
_FOLDER = re.compile(r"\brender_page\(\s*(?:[\w.]+,\s*)?f\"([\w/]+/)\{")


def _names(folder: Path) -> set[str]:
    """The subjects of an area: its modules and folders."""
    found = {path.stem for path in folder.iterdir() if path.is_dir() or path.suffix == ".py"}
    return found - {"__init__", "__pycache__"}


def _templates() -> list[tuple[str, Path]]:
    folder = GATEWAY / "templates"
    return [(path.relative_to(folder).parts[0], path) for path in sorted(folder.rglob("*.html"))]


def test_every_template_folder_and_subject_of_texts_has_the_name_of_a_page_module() -> None:
    for area in AREAS:
        pages = _names(GATEWAY / "pages" / area)
        assert _names(GATEWAY / "templates" / area) <= pages, area
        subjects = {subject for subject, of in AREA_OF.items() if of == area}
        assert subjects <= pages, area
        # Subjects with texts of their own.
        assert pages - subjects == set(), area


def test_every_router_of_a_page_is_served() -> None:
    """An area lists its pages in its `__init__.py`."""
    for path in sorted((GATEWAY / "pages").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        router = getattr(import_module(name.removesuffix(".__init__")), "router", None)
        assert router is None or any(router is served for served in ROUTERS), (
            f"{name}: list it in ROUTERS of the __init__.py of its area"
        )


def test_templates_are_where_their_area_and_subject_are() -> None:
    """`templates/kit/NAME.html`, and `templates/AREA/SUBJECT/NAME.html`."""
    for area, path in _templates():
        depth = len(path.relative_to(GATEWAY / "templates").parts)
        assert (area, depth) in {("kit", 2), *((one, 3) for one in AREAS)}, path


def test_no_text_has_the_name_of_a_method() -> None:
    """A template that writes `t.subject.keys` would get the method."""
    assert {f"{subject}.{name}" for subject, one in PAGES["ja"].items() for name in one if hasattr(dict, name)} == set()


def test_templates_show_texts_that_exist_of_their_own_area_or_of_the_kit() -> None:
    wrong = []
    for area, path in _templates():
        for subject, name in _TEXT.findall(path.read_text(encoding="utf-8")):
            known = name in ("", "get") or name in PAGES["ja"].get(subject, {})
            if not known or AREA_OF.get(subject) not in (area, "kit"):
                wrong.append(f"{path.name}: t.{subject}.{name}")
    assert wrong == []


def test_pages_show_texts_that_exist() -> None:
    """Keys in code, in either kind of quotes; whole subjects are looked up by names that are put together."""
    wrong = []
    for path in sorted((GATEWAY / "pages").rglob("*.py")):
        for subject, name in _IN_CODE.findall(path.read_text(encoding="utf-8")):
            if subject not in PAGES["ja"] or (name and name not in PAGES["ja"][subject]):
                wrong.append(f"{path.name}: {subject}.{name}")
    assert wrong == []


def test_templates_use_templates_of_their_own_area_or_of_the_kit() -> None:
    for area, path in _templates():
        used = {name.split("/")[0] for name in _TEMPLATE.findall(path.read_text(encoding="utf-8"))}
        assert used <= {area, "kit"}, path


def test_every_template_is_used_and_pages_render_templates_of_their_own_subject() -> None:
    existing = {str(path.relative_to(GATEWAY / "templates").with_suffix("")) for _, path in _templates()}
    used = set()
    for _, path in _templates():
        used |= set(_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    for path in sorted((GATEWAY / "pages").rglob("*.py")):
        place = path.relative_to(GATEWAY / "pages").with_suffix("").parts
        text = path.read_text(encoding="utf-8")
        rendered = set(_RENDERED.findall(text))
        rendered |= {name for folder in _FOLDER.findall(text) for name in existing if name.startswith(folder)}
        # Also named where one function renders several.
        rendered |= {name for name in existing if f'"{name}"' in text}
        used |= rendered
        own = f"{'/'.join(place[:2])}/" if place[0] != "kit" else "kit/"
        assert all(name.startswith(own) for name in rendered), path
    assert existing - used == set()


def test_no_import_of_a_template_hides_a_value_of_one_that_it_extends() -> None:
    """A template that imports `x as address` would show the module where the one that it extends says `address`."""
    environment = environment_of("en")
    trees = {
        str(path.relative_to(GATEWAY / "templates")): environment.parse(path.read_text(encoding="utf-8"))
        for _, path in _templates()
    }
    modules = {name: {each.target for each in tree.find_all(nodes.Import)} for name, tree in trees.items()}
    hidden = []
    for name, tree in trees.items():
        above = tree
        while extends := above.find(nodes.Extends):
            assert isinstance(extends.template, nodes.Const)
            base = extends.template.value
            above = trees[base]
            values = meta.find_undeclared_variables(above) - modules[base]
            hidden += [f"{name}: {each}, a value in {base}" for each in modules[name] & values]
    assert hidden == []


def test_the_desk_calls_fields_in_its_lists_of_mistakes_by_the_labels_of_the_fields() -> None:
    """No page names them a second time, and fields that are made by hand note their label."""
    for area, path in _templates():
        if area == "desk":
            written = path.read_text()
            assert not re.search(r"parts\.summary\(t, errors, (?!heading)", written), path
            assert not re.search(r"errors\.for_field\((?:[^(),]|\([^)]*\))*\)", written), path
