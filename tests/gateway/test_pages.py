"""The gateway's pages and the one document over all services."""

import re
from html.parser import HTMLParser

import pytest

from services.gateway.edge.contracts import merge
from services.gateway.pages.kit.static import address
from services.gateway.texts import PAGES
from tests.gateway.conftest import GatewayClient


class Outline(HTMLParser):
    """The outline of a page as a screen reader and a content policy see it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def values(self, tag: str, name: str) -> list[str]:
        return [value for t, n, value in self.attributes if (t, n) == (tag, name)]


PATHS = ["/", "/docs", "/password/abc-DEF_1", "/register/personal", "/register/confirm/abc-DEF_1"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_pages_are_in_the_readers_language_and_can_be_used_without_sight_or_scripts(
    gateway: GatewayClient, path: str, lang: str
) -> None:
    answer = await gateway.browser.get(path, headers={"Accept-Language": lang})
    page = Outline(answer.text)
    assert (answer.status_code, answer.headers["content-language"]) == (200, lang)
    assert page.values("html", "lang") == [lang]
    assert page.tags.count("main") == page.tags.count("h1") == page.tags.count("title") == 1
    assert page.tags.index("a") < page.tags.index("header"), "the skip link comes first"
    assert page.values("a", "href")[0] == "#content" and "content" in page.values("main", "id")
    assert set(page.values("input", "id")) <= set(page.values("label", "for"))
    assert len(page.values("th", "scope")) == page.tags.count("th")
    assert not {"iframe", "style", "img"} & set(page.tags)
    addresses = page.values("a", "href") + page.values("link", "href") + page.values("form", "action")
    assert not [address for address in addresses if "//" in address], "nothing from elsewhere"
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    # The page of a password has a script that shows what is typed; its button is hidden without one.
    scripts = page.values("script", "src")
    assert [one.startswith("/static/passkeys.") for one in scripts] == [True] * path.startswith("/password/")
    assert page.tags.count("script") == len(scripts) == policy.count("script-src 'self'")
    assert page.values("button", "hidden") == [""] * len(scripts)


async def test_the_language_can_be_chosen(gateway: GatewayClient) -> None:
    answer = await gateway.browser.get("/?lang=en", headers={"Accept-Language": "ja"})
    assert '<html lang="en">' in answer.text
    assert (await gateway.browser.get("/?lang=fr")).status_code == 422


def test_both_languages_say_the_same_things() -> None:
    for subject, texts in PAGES["ja"].items():
        assert set(texts) == set(PAGES["en"][subject])
    assert all(text.strip() for page in PAGES.values() for texts in page.values() for text in texts.values())


async def test_colours_have_enough_contrast(gateway: GatewayClient) -> None:
    css = (await gateway.browser.get(address("zairyu.css"))).text
    names = dict(re.findall(r"(--[a-z0-9-]+): (#\w{6}|var\(--[a-z0-9-]+\));", css))
    for _ in range(2):  # a role is a token
        css = re.sub(r"var\((--[a-z0-9-]+)\)", lambda found: names.get(found[1], found[0]), css)

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one: str, other: str) -> float:
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    body = re.search(r"body \{[^}]*color: (#\w{6}); background: (#\w{6})", css)
    link = re.search(r"a \{ color: (#\w{6})", css)
    button = re.search(r"^button, \.button \{[^}]*color: (#\w{6}); background: (#\w{6})", css, re.M)
    assert body and link and button
    assert contrast(*body.groups()) >= 7
    assert contrast(link.group(1), body.group(2)) >= 4.5
    assert contrast(*button.groups()) >= 4.5
    on_white = [
        re.search(rf"^{re.escape(name)} {{[^}}]*\bcolor: (#\w{{6}})", css, re.M) for name in (".hint", ".wrong", "dt")
    ]
    on_colour = [
        re.search(rf"^\.{name} {{[^}}]*background: (#\w{{6}})", css, re.M)
        for name in ("notice", "problem", "notice.success", "notice.warning", "receipt")
    ]
    tags = re.findall(r"^\.tag[\w.]* {[^}]*\bcolor: (#\w{6}); background: (#\w{6})", css, re.M)
    assert len(tags) == 5 and all(contrast(*tag) >= 7 for tag in tags)
    assert all(found and contrast(found.group(1), body.group(2)) >= 7 for found in on_white)
    assert all(found and contrast(body.group(1), found.group(1)) >= 7 for found in on_colour)
    line = re.search(r"^input, select, textarea {[^}]*border: 1px solid (#\w{6})", css, re.M)
    assert line
    assert contrast(line.group(1), body.group(2)) >= 3, "where a field begins and ends"


async def test_a_password_is_set_through_the_page_the_mail_leads_to(gateway: GatewayClient) -> None:
    data = {"password": "a long new password"}
    foreign = await gateway.browser.post("/password/abc", data=data, headers={"Origin": "https://evil.test"})
    assert foreign.status_code == 403
    sent = await gateway.browser.post("/password/abc?lang=en", data=data, headers={"Origin": gateway.url})
    assert (sent.status_code, sent.headers["location"]) == (303, "/password/abc")
    for language in ("ja", "en"):
        own = await gateway.browser.get(sent.headers["location"], headers={"Accept-Language": language})
        assert (own.status_code, "TYO-19-abc" in own.text) == (200, True), "a reload does not lose it"
        assert "a long new password" not in own.text
        assert "TYO-19-abc" not in (await gateway.browser.get("/password/other")).text
    hostile = await gateway.browser.get("/password/%3Cscript%3E")
    assert "<script>" not in hostile.text


async def test_one_document_shows_the_services_paths_under_api_and_names_who_is_missing(gateway: GatewayClient) -> None:
    document = (await gateway.browser.get("/openapi.json")).json()
    assert {"/session", "/api/v1/applications/{application_id}", "/api/v1/password-links/{token}"} <= set(
        document["paths"]
    )
    hidden = [path for path in document["paths"] if "sessions" in path or "jwks" in path or "metrics" in path]
    assert hidden == []
    assert document["x-unavailable"] == ["review", "notification"]
    assert set(document["components"]["securitySchemes"]) == {"access_token", "session"}
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', (await gateway.browser.get("/openapi.json")).text))
    assert references == set(document["components"]["schemas"]), "nothing dangling, nothing left over"
    page = await gateway.browser.get("/docs")
    assert "/api/v1/applications/{application_id}" in page.text


async def test_a_service_is_shown_as_it_was_last_seen_while_it_is_away(gateway: GatewayClient) -> None:
    before = (await gateway.browser.get("/openapi.json")).json()["paths"]
    gateway.app.state.gateway.upstreams.services["application"] = "http://127.0.0.1:1"
    assert (await gateway.browser.get("/openapi.json")).json()["paths"] == before


def test_examples_that_a_service_links_to_stand_under_api_like_its_paths() -> None:
    linked: dict[str, dict[str, object]] = {
        "here": {"value": {}},
        "there": {"externalValue": "/v1/forms/coe/example"},
    }
    body = {"content": {"application/json": {"examples": linked}}}
    service = {"paths": {"/v1/a": {"post": {"requestBody": body}}}}
    merged = merge({"openapi": "3.1.0", "info": {}, "paths": {}}, {"application": service}, "cookie")
    found = merged["paths"]["/api/v1/a"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert found == {"here": {"value": {}}, "there": {"externalValue": "/api/v1/forms/coe/example"}}
    assert linked["there"]["externalValue"] == "/v1/forms/coe/example", "the service's own document stays"


def test_components_that_mean_different_things_get_different_names() -> None:
    def document(path: str, thing: dict[str, object]) -> dict[str, object]:
        schema = {"$ref": "#/components/schemas/Page"}
        answer = {"200": {"content": {"application/json": {"schema": schema}}}}
        return {
            "paths": {path: {"get": {"operationId": "list", "responses": answer}}},
            "components": {
                "schemas": {
                    "Page": {"properties": {"items": {"$ref": "#/components/schemas/Thing"}}},
                    "Thing": thing,
                    "Unused": {"type": "string"},
                }
            },
        }

    own = {"openapi": "3.1.0", "info": {}, "paths": {}}
    different = {"application": document("/v1/a", {"type": "string"}), "review": document("/v1/b", {"type": "integer"})}
    merged = merge(own, different, "cookie")
    assert set(merged["components"]["schemas"]) == {"ApplicationPage", "ApplicationThing", "ReviewPage", "ReviewThing"}
    page = merged["components"]["schemas"]["ReviewPage"]
    assert page["properties"]["items"] == {"$ref": "#/components/schemas/ReviewThing"}
    identifiers = {path: item["get"]["operationId"] for path, item in merged["paths"].items()}
    assert identifiers == {"/api/v1/a": "list", "/api/v1/b": "review_list"}

    same = {"application": document("/v1/a", {"type": "string"}), "review": document("/v1/b", {"type": "string"})}
    assert set(merge(own, same, "cookie")["components"]["schemas"]) == {"Page", "Thing"}
