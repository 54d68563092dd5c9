"""The arithmetic of money: worked by hand, and what must hold whatever the amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.money import Books, FundFacts, added, in_one_sentence, left, pounds, totals

D = Decimal
AMOUNTS = st.decimals(min_value=0, max_value=D("9999999999.99"), places=2)
FUNDS = st.lists(st.builds(FundFacts, AMOUNTS, st.booleans(), st.booleans()), max_size=8)


def test_the_totals_of_a_pilot_worked_by_hand():
    """119,329 grant and 60,000 match in cash (48,500 arrived), 12,400 in kind, 20,000 and 1,000 in kind hoped for."""
    books = totals(
        [
            FundFacts(D("119329.00"), received=D("48500.00")), FundFacts(D("60000.00")),
            FundFacts(D("12400.00"), in_kind=True), FundFacts(D("20000.00"), confirmed=False),
            FundFacts(D("1000.00"), in_kind=True, confirmed=False),
        ],
        [D("84000.00"), D("3500.00"), D("19600.50"), D("100000.00")],
        [("a", D("40000.00")), ("b", D("20000.25")), ("a", D("0.25"))],
    )  # fmt: skip
    assert (books.cash, books.in_kind, books.promised) == (D("179329.00"), D("12400.00"), D("191729.00"))
    assert (books.hoped_cash, books.hoped_in_kind, books.hoped) == (D("20000.00"), D("1000.00"), D("21000.00"))
    assert (books.received, books.still_to_come) == (D("48500.00"), D("130829.00"))
    assert (books.budgeted, books.balance) == (D("207100.50"), D("-15371.50"))
    assert (books.allocated, books.unallocated) == (D("60000.50"), D("147100.00"))
    assert books.by_partner == {"a": D("40000.25"), "b": D("20000.25")}


@given(FUNDS, st.lists(AMOUNTS, max_size=8), st.lists(st.tuples(st.sampled_from("abc"), AMOUNTS), max_size=8))
def test_every_pound_is_counted_once_and_to_the_penny(funds, lines, shares):
    books = totals(funds, lines, shares)
    assert books.promised + books.hoped == added(fund.amount for fund in funds)
    assert books.balance + books.budgeted == books.promised
    assert books.unallocated + books.allocated == books.budgeted == added(lines)
    assert added(books.by_partner.values()) == books.allocated
    assert books == totals(reversed(funds), reversed(lines), reversed(shares)), "the order does not matter"
    assert all(total.as_tuple().exponent == -2 for total in (books.cash, books.in_kind, books.budgeted, books.balance))


@given(AMOUNTS, st.lists(AMOUNTS, max_size=5))
def test_what_is_left_and_its_parts_make_the_whole(whole, parts):
    assert left(whole, parts) + added(parts) == whole


def test_ten_pence_and_twenty_pence_are_thirty():
    assert added([D("0.10"), D("0.20")]) == D("0.30")
    assert str(added([])) == "0.00"


@pytest.mark.parametrize(
    ("books", "sentence"),
    [
        ((), "No money is promised and nothing is budgeted yet."),
        (("167600.00", "12400.00", "0", "195000.00"),
         "£180,000 is promised, £12,400 of it in kind; the budget needs £195,000: £15,000 is missing."),
        (("100.00", "0", "0", "99.50"), "£100 is promised; the budget needs £99.50: £0.50 is left over."),
        (("100.00", "0", "0", "100.00"), "£100 is promised; the budget needs £100, and that is all there."),
        (("0", "50.00", "0", "50.00"),
         "£50 is promised, all of it in kind; the budget needs £50, and that is all there."),
        (("0", "0", "0", "50.00"), "No money is promised yet; the budget needs £50: £50 is missing."),
        (("50.00", "0", "20.00", "0"),
         "£50 is promised; nothing is budgeted yet. Another £20 is hoped for, and not counted."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_promised_needed_and_missing(books, sentence):
    cash, in_kind, hoped, budgeted = map(D, books or ("0", "0", "0", "0"))
    assert in_one_sentence(Books(cash=cash, in_kind=in_kind, hoped_cash=hoped, budgeted=budgeted)) == sentence


def test_pounds_are_written_for_people():
    assert [pounds(D(x)) for x in ("1234.50", "1234", "-0.05")] == ["£1,234.50", "£1,234", "−£0.05"]
