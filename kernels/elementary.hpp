// exp, expm1, log, log1p and tanh in operations that every instruction set has and rounds alike.
//
// Nothing here is fitted: the polynomials are Taylor series, long enough that what they leave out is below half a unit
// in the last place. Errors against correctly rounded values are tested over the whole range.
#pragma once

#include "pack.hpp"

namespace unstuck::UNSTUCK_ISA {

// c[0] + c[1] x + c[2] x^2 + ... in pairs of pairs, which takes log2(n) steps in a row instead of n.
template <int first, int count, class V, class C>
UNSTUCK_INLINE V polynomial(const C& c, const V& x, const V& x2, const V& x4, const V& x8) {
    using T = Scalar<V>;
    if constexpr (count == 1) {
        return splat<V>(T(c.values[first]));
    } else if constexpr (count == 2) {
        return x * T(c.values[first + 1]) + T(c.values[first]);
    } else if constexpr (count <= 4) {
        return polynomial<first + 2, count - 2>(c, x, x2, x4, x8) * x2 + polynomial<first, 2>(c, x, x2, x4, x8);
    } else if constexpr (count <= 8) {
        return polynomial<first + 4, count - 4>(c, x, x2, x4, x8) * x4 + polynomial<first, 4>(c, x, x2, x4, x8);
    } else {
        return polynomial<first + 8, count - 8>(c, x, x2, x4, x8) * x8 + polynomial<first, 8>(c, x, x2, x4, x8);
    }
}
template <int count, class V, class C>
UNSTUCK_INLINE V polynomial(const C& c, const V& x) {
    const V x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
    return polynomial<0, count>(c, x, x2, x4, x8);
}

// 1/2!, 1/3!, ...
struct InverseFactorials {
    double values[12];
    constexpr InverseFactorials() : values() {
        double factorial = 1;
        for (int n = 0; n < 12; ++n) values[n] = 1 / (factorial *= n + 2);
    }
};
// 1/3, 1/5, 1/7, ...
struct InverseOdds {
    double values[16];
    constexpr InverseOdds() : values() {
        for (int n = 0; n < 16; ++n) values[n] = 1.0 / (2 * n + 3);
    }
};
inline constexpr InverseFactorials inverse_factorials;
inline constexpr InverseOdds inverse_odds;

template <class T>
struct Format;
template <>
struct Format<double> {
    static constexpr int exp_terms = 12;      // |r| <= ln 2 / 2: r^14 / 14! < 5e-18
    static constexpr int log_terms = 10;      // |s| <= 0.1716: s^22 / 23 < 1e-18
    static constexpr int mantissa_bits = 52;
    static constexpr std::int64_t bias = 1023;
    static constexpr double round_to_integer = 0x1.8p52;
    static constexpr double log2e = 0x1.71547652b82fep0;
    static constexpr double ln2_high = 0x1.62e42fefa38p-1;  // 11 trailing zeros: a multiple of it by an exponent is exact
    static constexpr double ln2_low = 0x1.ef35793c7673p-45;
    static constexpr double ln2 = 0x1.62e42fefa39efp-1;
    static constexpr double smallest_exp = -746, largest_exp = 710;
    static constexpr double smallest_normal = 0x1p-1022, scale_up = 0x1p54, scaled_by = 54;
    static constexpr double square_root_of_half = 0.70710678118654752440;
};
template <>
struct Format<float> {
    static constexpr int exp_terms = 6;
    static constexpr int log_terms = 4;
    static constexpr int mantissa_bits = 23;
    static constexpr std::int32_t bias = 127;
    static constexpr float round_to_integer = 0x1.8p23f;
    static constexpr float log2e = 0x1.715476p0f;
    static constexpr float ln2_high = 0x1.62ep-1f;
    static constexpr float ln2_low = 0x1.0bfbe8p-15f;
    static constexpr float ln2 = 0x1.62e43p-1f;
    static constexpr float smallest_exp = -104, largest_exp = 89;
    static constexpr float smallest_normal = 0x1p-126f, scale_up = 0x1p25f, scaled_by = 25;
    static constexpr float square_root_of_half = 0.70710678118654752440f;
};

// x = k ln 2 + r, and e^r - 1.
template <class V>
struct Reduced {
    V power;      // k, as a number
    V remainder;  // e^r - 1
};

template <class V>
UNSTUCK_INLINE Reduced<V> reduce(const V& x) {
    using F = Format<Scalar<V>>;
    const V k = (x * F::log2e + F::round_to_integer) - F::round_to_integer;
    const V r = (x - k * F::ln2_high) - k * F::ln2_low;
    const V tail = polynomial<F::exp_terms>(inverse_factorials, r);
    return {k, r * r * tail + r};
}

// 2^k for an integer k that is the exponent of a normal number.
template <class V>
UNSTUCK_INLINE V power_of_two(const V& k) {
    using F = Format<Scalar<V>>;
    return from_bits<V>(shift_left(Integer<V>(bits(V(k + F::round_to_integer)) + F::bias), F::mantissa_bits));
}

template <class V>
UNSTUCK_INLINE V exp(const V& given) {
    using F = Format<Scalar<V>>;
    const V x = larger(smaller(given, splat<V>(F::largest_exp)), splat<V>(F::smallest_exp));
    const Reduced<V> reduced = reduce(x);
    // in two halves, since 2^k alone may be no normal number
    const V half = (reduced.power * Scalar<V>(0.5) + F::round_to_integer) - F::round_to_integer;
    const V scale = power_of_two<V>(half), rest = power_of_two<V>(V(reduced.power - half));
    const V result = (reduced.remainder * scale + scale) * rest;
    return select(equal(given, given), result, given);
}

// e^-|x|, for the many places that need no more; 0 where it would be no normal number.
template <class V>
UNSTUCK_INLINE V exp_of_minus(const V& size) {
    using T = Scalar<V>;
    using F = Format<T>;
    const V limit = splat<V>(T(sizeof(T) == 8 ? 708 : 87));
    const V x = -smaller(size, limit);
    const Reduced<V> reduced = reduce(x);
    const V scale = power_of_two<V>(reduced.power);
    const V result = select(greater(size, limit), zero<V>(), reduced.remainder * scale + scale);
    return select(equal(size, size), result, size);
}

// e^x - 1 for x <= 0.
template <class V>
UNSTUCK_INLINE V expm1_below_zero(const V& given) {
    using T = Scalar<V>;
    const V x = larger(given, splat<V>(T(-50)));
    const Reduced<V> reduced = reduce(x);
    const V scale = power_of_two<V>(reduced.power);
    const V result = reduced.remainder * scale + (scale - T(1));
    return select(equal(given, given), result, given);
}

template <class V>
UNSTUCK_INLINE V tanh(const V& x) {
    using T = Scalar<V>;
    const V decay = expm1_below_zero<V>(absolute(x) * T(-2));
    return with_sign<V>(absolute<V>(decay / (decay + T(2))), x);
}

// ln(1 + f) = 2 s + 2 s^3 / 3 + 2 s^5 / 5 + ... with s = f / (2 + f), for 1 + f between sqrt(1/2) and sqrt(2).
template <class V>
UNSTUCK_INLINE V log_near_one(const V& f) {
    using T = Scalar<V>;
    const V s = f / (f + T(2));
    const V square = s * s;
    const V tail = polynomial<Format<T>::log_terms>(inverse_odds, square) * square;
    // 2 s = f - s f, so that the leading term f is exact
    return f - s * (f - tail * T(2));
}

// ln(1 + u) for 0 <= u <= 1.
template <class V>
UNSTUCK_INLINE V log1p_of_share(const V& u) {
    using T = Scalar<V>;
    const V limit = splat<V>(T(0.41421356237309504880));
    const auto above = greater(u, limit);
    const V f = select(above, V((u - T(1)) * T(0.5)), u);
    const V near = log_near_one<V>(f);
    return near + select(above, splat<V>(Format<T>::ln2), zero<V>());
}

// ln x for x > 0; what comes back for other x has no meaning.
template <class V>
UNSTUCK_INLINE V log(const V& given) {
    using T = Scalar<V>;
    using F = Format<T>;
    using I = typename IntegerOf<T>::type;
    const auto tiny = less(given, splat<V>(F::smallest_normal));
    const V x = select(tiny, V(given * F::scale_up), given);
    const Integer<V> pattern = bits(x);
    // the exponent as a number: its bits put where they count as whole numbers
    const Integer<V> exponent = (pattern >> F::mantissa_bits) - I(F::bias);
    V power = from_bits<V>(Integer<V>(exponent + bits(F::round_to_integer))) - F::round_to_integer;
    V mantissa = from_bits<V>(Integer<V>((pattern & ((I(1) << F::mantissa_bits) - 1)) | (I(F::bias) << F::mantissa_bits)));
    const auto upper = greater(mantissa, splat<V>(T(2) * F::square_root_of_half));
    mantissa = select(upper, V(mantissa * T(0.5)), mantissa);
    power = select(upper, V(power + T(1)), power);
    power = select(tiny, V(power - F::scaled_by), power);
    return power * F::ln2_high + (log_near_one<V>(V(mantissa - T(1))) + power * F::ln2_low);
}

template <class V>
UNSTUCK_INLINE V logistic(const V& z) {
    using T = Scalar<V>;
    const V decay = exp_of_minus<V>(absolute(z));
    return select(at_least(z, zero<V>()), splat<V>(T(1)), decay) / (decay + T(1));
}

// ln(1 + e^z) without overflow.
template <class V>
UNSTUCK_INLINE V softplus(const V& z) {
    return larger(z, zero<V>()) + log1p_of_share<V>(exp_of_minus<V>(absolute(z)));
}

}  // namespace unstuck::UNSTUCK_ISA
