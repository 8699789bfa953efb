import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from respondents import codes

numbers = st.integers(min_value=0, max_value=2**80 - 1)


@given(numbers)
def test_a_code_reads_back_however_it_is_typed(value: int) -> None:
    code = codes.encode(value)
    assert len(code) == 17
    assert codes.decode(code) == value
    assert codes.decode(codes.grouped(code).lower()) == value
    assert codes.decode(f"  {code[:5]} {code[5:]}\n") == value
    assert codes.decode(code.replace("0", "O").replace("1", "l")) == value


@given(numbers, st.integers(min_value=0, max_value=15), st.sampled_from(codes.ALPHABET))
def test_one_wrong_sign_is_noticed(value: int, place: int, sign: str) -> None:
    code = codes.encode(value)
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong != code:
        with pytest.raises(codes.BadCode):
            codes.decode(wrong)


@given(st.text(max_size=40))
def test_anything_else_is_refused_and_nothing_breaks(typed: str) -> None:
    try:
        value = codes.decode(typed)
    except codes.BadCode:
        return
    assert 0 <= value < 2**80


def test_each_purpose_has_its_own_digest_and_seal() -> None:
    assert (
        len({codes.code_digest(5), codes.receipt_digest(5), codes.draft_digest((5).to_bytes(10, "big"))}) == 3
    )
    sealed = codes.seal("ballot", b"answers")
    assert b"answers" not in sealed
    assert codes.unseal("ballot", sealed) == b"answers"
    with pytest.raises(InvalidTag):
        codes.unseal("batch", sealed)


def test_codes_of_a_seed_do_not_repeat() -> None:
    seed = b"s" * 32
    made = {codes.code_of_seed(seed, number) for number in range(1, 5001)}
    assert len(made) == 5000
    assert all(value < 2**80 for value in made)
