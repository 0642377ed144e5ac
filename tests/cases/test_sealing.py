"""Data that travels sealed, and data that a service seals for itself: who may open it, and with which key."""

import pytest
from cryptography.fernet import Fernet
from pydantic import TypeAdapter

from shared.events.fields import SealedText
from shared.sealing import BadKey, SealBroken, Sealer, Vault, new_key_pair


def test_who_seals_cannot_read() -> None:
    """[attacks F10] registration, application and review write what notification alone opens."""
    private, public = new_key_pair()
    writer, reader = Sealer(public), Sealer(private)
    for plain in ("taro@example.jp", "", "在留 太郎\n\x00\x01", "x" * 5_000):
        sealed = writer.seal(plain)
        assert reader.open(sealed) == plain
        assert TypeAdapter(SealedText).validate_python(sealed) == sealed
        with pytest.raises(SealBroken):
            writer.open(sealed)
    assert writer.seal("a") != writer.seal("a")
    assert len(writer.seal("ab")) == len(writer.seal("abcdefgh")), "the length of a short text does not show"


def test_another_key_and_altered_values_open_nothing() -> None:
    """[attacks F10] a value is opened whole or not at all."""
    private, public = new_key_pair()
    sealed = Sealer(public).seal("taro@example.jp")
    with pytest.raises(SealBroken):
        Sealer(new_key_pair()[0]).open(sealed)
    for place in range(0, len(sealed), 7):
        altered = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            Sealer(private).open(altered)
    for nonsense in ("", "x", "gAAAA", "gAAAA" + "A" * 99, "あ", Fernet(Fernet.generate_key()).encrypt(b"x").decode()):
        with pytest.raises(SealBroken):
            Sealer(private).open(nonsense)


def test_keys_are_replaced_without_losing_what_was_sealed() -> None:
    """[attacks F10] the reader has the new and the old key, the writers then seal with the new one."""
    old, new = new_key_pair(), new_key_pair()
    before, after = Sealer(old[1]).seal("before"), Sealer(new[1]).seal("after")
    both = Sealer(f"{new[0]},{old[0]}")
    assert (both.open(before), both.open(after)) == ("before", "after")
    assert Sealer(new[0]).open(both.seal("own")) == "own"
    first, second = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    kept = Vault(first).seal("secret")
    rotated = Vault(f"{second},{first}")
    assert rotated.open(kept) == "secret"
    assert Vault(second).open(rotated.seal("later")) == "later"
    with pytest.raises(SealBroken):
        Vault(second).open(kept)


@pytest.mark.parametrize("key", ["", "secret", "public-", "public-AAAA", "private-@@@@", "private-" + "A" * 60])
def test_what_is_no_key_is_refused_without_being_shown(key: str) -> None:
    """[attacks F10] a wrong setting is an error at the start, in words that hold no secret."""
    for kind in (Sealer, Vault):
        with pytest.raises(BadKey) as error:
            kind(key)
        assert "AAAA" not in str(error.value)
