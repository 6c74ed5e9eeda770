#!/usr/bin/env python3
"""Answers random questions about quotes by the published formulas alone and compares.

Reads JSON lines: a question (reserves, rates in basis points, an amount) with the answer of the program under
test, null for a refusal. Prints {kind: [asked, of them not refused]}; at the first ten differences prints them
to stderr and exits 1. Shares no code with the program; integers here have no end, so every bound is explicit.
"""

import json
import sys
from fractions import Fraction
from math import ceil, floor

U64 = 2**64 - 1
FEE_UNIT = 10_000


class Refused(Exception):
    """The on-chain program would not do this trade."""


def must(condition):
    if not condition:
        raise Refused


def u64(number):
    must(0 <= number <= U64)
    return number


def fees_on(amount, rates):
    return [u64(ceil(Fraction(amount * rate, FEE_UNIT))) for rate in rates]


def exact_in(budget, rates):
    """What of a budget enters the reserves, and the fees: those of the net before it gives way to the excess."""
    net = floor(Fraction(budget * FEE_UNIT, FEE_UNIT + sum(rates)))
    fees = fees_on(net, rates)
    excess = max(0, net + sum(fees) - budget)
    must(net - excess > 0)
    return net - excess, fees


# ---- the bonding curve: no liquidity providers, so the first rate counts for nothing


def curve_rates_of(case):
    return [0, case["rates"][1], case["rates"][2]]


def curve_exact_out(curve, tokens, rates):
    tokens = min(tokens, curve["real_token"])
    must(tokens > 0 and curve["virtual_quote"] > 0 and curve["virtual_token"] > tokens)
    net = u64(floor(Fraction(tokens * curve["virtual_quote"], curve["virtual_token"] - tokens)) + 1)
    u64(curve["virtual_quote"] + net)
    fees = fees_on(net, rates)
    return [tokens, net, fees, u64(net + sum(fees))]


def curve_exact_in(curve, spend, rates):
    """The buy, and whether the budget asks for more than the curve has left."""
    net, fees = exact_in(spend, rates)
    must(curve["virtual_quote"] > 0 and curve["virtual_token"] > 0)
    tokens = floor(Fraction((net - 1) * curve["virtual_token"], curve["virtual_quote"] + net - 1))
    if tokens > curve["real_token"]:
        rest = curve_exact_out(curve, curve["real_token"], rates)
        must(rest[3] <= spend)
        return rest, True
    must(tokens > 0)
    u64(curve["virtual_quote"] + net)
    return [tokens, net, fees, u64(net + sum(fees))], False


def curve_buy_exact_quote(case):
    return curve_exact_in(case["curve"], case["amount"], curve_rates_of(case))[0]


def curve_buy_exact_tokens(case):
    return curve_exact_out(case["curve"], case["amount"], curve_rates_of(case))


def curve_sell(case):
    curve, tokens = case["curve"], case["amount"]
    must(tokens > 0 and curve["virtual_quote"] > 0 and curve["virtual_token"] > 0)
    u64(curve["virtual_token"] + tokens)
    gross = floor(Fraction(tokens * curve["virtual_quote"], curve["virtual_token"] + tokens))
    must(gross <= curve["real_quote"])
    fees = fees_on(gross, curve_rates_of(case))
    return [gross, fees, u64(gross - sum(fees))]


# ---- past the end of the curve


def pool_to_be(curve, rest, account, migration_fee):
    base, quote = account - curve["real_token"], curve["real_quote"] + rest[1]
    u64(quote)
    must(base > 0 and quote - migration_fee > 0)
    return base, quote - migration_fee


def both_legs(first, second):
    fees = [a + b for a, b in zip(first[2], second[2])]
    return [first[0] + second[0], fees, u64(first[3] + second[3])]


def v3_buy_exact_tokens(case):
    curve, rates = case["curve"], curve_rates_of(case)
    account, migration_fee, mayhem, cashback = case["end"]
    must(not cashback)
    first = curve_exact_out(curve, case["amount"], rates)
    past = case["amount"] - first[0]
    if past == 0 or mayhem:
        return [first[0], first[2], first[3]]
    base, quote = pool_to_be(curve, first, account, migration_fee)
    return both_legs(first, pool_exact_out(base, quote, past, rates))


def v3_buy_exact_quote(case):
    curve, rates = case["curve"], curve_rates_of(case)
    account, migration_fee, mayhem, cashback = case["end"]
    must(not cashback)
    first, more = curve_exact_in(curve, case["amount"], rates)
    left = case["amount"] - first[3]
    if not more or mayhem or left == 0:
        return [first[0], first[2], first[3]]
    base, quote = pool_to_be(curve, first, account, migration_fee)
    u64(quote + left)
    try:
        second = pool_exact_in(base, quote, left, rates)
    except Refused:
        return [first[0], first[2], first[3]]
    return both_legs(first, second)


# ---- pools


def pool_exact_out(base, quote, tokens, rates):
    must(quote > 0 and 0 < tokens < base)
    net = u64(ceil(Fraction(quote * tokens, base - tokens)))
    fees = fees_on(net, rates)
    u64(quote + net + fees[0])
    return [tokens, net, fees, u64(net + sum(fees))]


def pool_exact_in(base, quote, spend, rates):
    net, fees = exact_in(spend, rates)
    must(quote > 0 and base > 0)
    tokens = floor(Fraction((net - 1) * base, quote + net - 1))
    must(tokens > 0)
    u64(quote + net + fees[0])
    return [tokens, net, fees, u64(net + sum(fees))]


def pool_of(case):
    base, vault, virtual = case["pool"]
    return base, vault, u64(vault + int(virtual))


def check_after(case, expected):
    if case["after"] != expected:
        raise AssertionError(f"after: {case['after']} instead of {expected}")


def pool_buy_exact_quote(case):
    base, _, quote = pool_of(case)
    answer = pool_exact_in(base, quote, case["amount"], case["rates"])
    check_after(case, [base - answer[0], quote + answer[1] + answer[2][0]])
    return answer


def pool_buy_exact_tokens(case):
    base, _, quote = pool_of(case)
    answer = pool_exact_out(base, quote, case["amount"], case["rates"])
    check_after(case, [base - answer[0], quote + answer[1] + answer[2][0]])
    return answer


def pool_sell(case):
    (base, vault, quote), tokens = pool_of(case), case["amount"]
    must(tokens > 0 and base > 0 and quote > 0)
    u64(base + tokens)
    gross = floor(Fraction(quote * tokens, base + tokens))
    fees = fees_on(gross, case["rates"])
    must(vault >= gross - fees[0])  # error 6063: the virtual quote pays nobody
    out = u64(gross - sum(fees))
    check_after(case, [base + tokens, quote - (gross - fees[0])])
    return [gross, fees, out]


# ---- rates: the tables of 2026-10-10

CREATOR = [95, 90, 85, 80, 75, 70, 65, 60, 55, 50, 45, 40, 35, 30, 28, 25, 23, 20, 18, 15, 13, 10, 8, 5]
SOL = "420 1470 2460 3440 4420 9820 14740 19650 24560 29470 34380 39300 44210 49120 54030 58940 63860 68770 73681 78590 83500 88400 93330 98240"
USDC = "59 300 500 700 900" + "".join(f" {million}000" for million in range(2, 21))
TIERS = {
    "sol": [int(cap) * 10**9 for cap in SOL.split()],
    "usdc": [int(cap) * 1000 * 10**6 for cap in USDC.split()],
}


def own_rate(case, rates):
    own = case["own"]
    return rates[:2] + [own if case["gate"] and own else rates[2]]


def market_cap(case):
    token, quote = case["reserves"]
    must(token > 0)
    return u64(int(quote)) * case["supply"] // token


def curve_rates(case):
    market_cap(case)
    return own_rate(case, [0, 95, 30])


def pool_rates(case):
    cap = market_cap(case)
    if case["quote"] == "other":
        return own_rate(case, [20, 5, 5])
    reached = sum(threshold <= cap for threshold in TIERS[case["quote"]])
    return own_rate(case, [20, 5, CREATOR[reached - 1]] if reached else [2, 93, 30])


def slippage(case):
    amount, (bound,) = case["amount"], case["rates"]
    return [amount * (FEE_UNIT + bound) // FEE_UNIT, amount * (FEE_UNIT - bound) // FEE_UNIT]


KINDS = {
    function.__name__: function
    for function in (
        curve_buy_exact_quote,
        curve_buy_exact_tokens,
        curve_sell,
        v3_buy_exact_quote,
        v3_buy_exact_tokens,
        pool_buy_exact_quote,
        pool_buy_exact_tokens,
        pool_sell,
        curve_rates,
        pool_rates,
        slippage,
    )
}


def main():
    counts, differences = {}, 0
    for line in sys.stdin:
        case = json.loads(line)
        try:
            expected = KINDS[case["kind"]](case)
        except Refused:
            expected = None
        except AssertionError as difference:
            expected = str(difference)
        if case["answer"] != expected:
            print(f"{line.strip()}\n  should be {json.dumps(expected)}", file=sys.stderr)
            differences += 1
            if differences == 10:
                break
        count = counts.setdefault(case["kind"], [0, 0])
        count[0] += 1
        count[1] += expected is not None
    print(json.dumps(counts))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
