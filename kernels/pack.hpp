// A handful of numbers that are computed side by side.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#define UNSTUCK_INLINE inline __attribute__((always_inline))

// Before a short loop whose length the compiler knows: no loop is to be left of it, so that what it goes over stays in registers.
#if defined(__clang__)
#define UNSTUCK_UNROLL _Pragma("unroll")
#else
#define UNSTUCK_UNROLL _Pragma("GCC unroll 16")
#endif

namespace unstuck::UNSTUCK_ISA {

#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
#elif defined(__AVX__)
constexpr int vector_bytes = 32;
#else
constexpr int vector_bytes = 16;
#endif

// L numbers of type T, kept in as few machine vectors as the instruction set allows.
template <class T, int L>
struct Pack {
    static constexpr int width = L * sizeof(T) < vector_bytes ? L : vector_bytes / int(sizeof(T));
    static constexpr int count = L / width;
    typedef T Part __attribute__((vector_size(width * sizeof(T)), may_alias));
    Part part[count];
};

// One number is a plain number.
template <class T, int L>
struct Lanes {
    using type = Pack<T, L>;
};
template <class T>
struct Lanes<T, 1> {
    using type = T;
};

template <class V>
struct Traits {
    using Scalar = V;
    static constexpr int lanes = 1;
};
template <class T, int L>
struct Traits<Pack<T, L>> {
    using Scalar = T;
    static constexpr int lanes = L;
};
template <class V>
using Scalar = typename Traits<V>::Scalar;

template <class T>
struct IntegerOf;
template <>
struct IntegerOf<float> {
    using type = std::int32_t;
};
template <>
struct IntegerOf<double> {
    using type = std::int64_t;
};
template <class V>
using Integer = typename Lanes<typename IntegerOf<Scalar<V>>::type, Traits<V>::lanes>::type;

// ---------------------------------------------------------------- arithmetic

#define UNSTUCK_BINARY(op)                                                              \
    template <class T, int L>                                                           \
    UNSTUCK_INLINE Pack<T, L> operator op(const Pack<T, L>& a, const Pack<T, L>& b) {   \
        Pack<T, L> result;                                                              \
        UNSTUCK_UNROLL for (int k = 0; k < Pack<T, L>::count; ++k) result.part[k] = a.part[k] op b.part[k]; \
        return result;                                                                  \
    }                                                                                   \
    template <class T, int L>                                                           \
    UNSTUCK_INLINE Pack<T, L> operator op(const Pack<T, L>& a, T b) {                   \
        Pack<T, L> result;                                                              \
        UNSTUCK_UNROLL for (int k = 0; k < Pack<T, L>::count; ++k) result.part[k] = a.part[k] op b;    \
        return result;                                                                  \
    }                                                                                   \
    template <class T, int L>                                                           \
    UNSTUCK_INLINE Pack<T, L> operator op(T a, const Pack<T, L>& b) {                   \
        Pack<T, L> result;                                                              \
        UNSTUCK_UNROLL for (int k = 0; k < Pack<T, L>::count; ++k) result.part[k] = a op b.part[k];    \
        return result;                                                                  \
    }
UNSTUCK_BINARY(+)
UNSTUCK_BINARY(-)
UNSTUCK_BINARY(*)
UNSTUCK_BINARY(/)
UNSTUCK_BINARY(&)
UNSTUCK_BINARY(|)
#undef UNSTUCK_BINARY

template <class T, int L>
UNSTUCK_INLINE Pack<T, L> operator-(const Pack<T, L>& a) {
    Pack<T, L> result;
    UNSTUCK_UNROLL
    for (int k = 0; k < Pack<T, L>::count; ++k) result.part[k] = -a.part[k];
    return result;
}

template <class T, int L, class U>
UNSTUCK_INLINE Pack<T, L>& operator+=(Pack<T, L>& a, const U& b) {
    return a = a + b;
}

// Bits that are shifted out on the left are lost, of negative numbers too.
template <class T>
UNSTUCK_INLINE T shift_left(T a, int places) {
    return T(std::make_unsigned_t<T>(a) << places);
}
template <class T, int L>
UNSTUCK_INLINE Pack<T, L> shift_left(const Pack<T, L>& a, int places) {
    Pack<T, L> result;
    UNSTUCK_UNROLL
    for (int k = 0; k < Pack<T, L>::count; ++k) result.part[k] = a.part[k] << places;
    return result;
}

template <class T, int L>
UNSTUCK_INLINE Pack<T, L> operator>>(const Pack<T, L>& a, int bits) {
    Pack<T, L> result;
    UNSTUCK_UNROLL
    for (int k = 0; k < Pack<T, L>::count; ++k) result.part[k] = a.part[k] >> bits;
    return result;
}

// ---------------------------------------------------------------- comparisons and choices

// A comparison of packs is kept as it is until something is chosen by it, since instruction sets differ in what they make of it.
#define UNSTUCK_COMPARISON(Kept, name, op)                                                                               \
    template <class T, int L>                                                                                            \
    struct Kept {                                                                                                        \
        Pack<T, L> a, b;                                                                                                 \
    };                                                                                                                   \
    template <class T>                                                                                                   \
    UNSTUCK_INLINE bool name(T a, T b) {                                                                                 \
        return a op b;                                                                                                   \
    }                                                                                                                    \
    template <class T, int L>                                                                                            \
    UNSTUCK_INLINE Kept<T, L> name(const Pack<T, L>& a, const Pack<T, L>& b) {                                           \
        return {a, b};                                                                                                   \
    }                                                                                                                    \
    template <class T, int L>                                                                                            \
    UNSTUCK_INLINE Pack<T, L> select(const Kept<T, L>& chosen, const Pack<T, L>& a, const Pack<T, L>& b) {               \
        Pack<T, L> result;                                                                                               \
        UNSTUCK_UNROLL for (int k = 0; k < Pack<T, L>::count; ++k)                                                                      \
            result.part[k] = chosen.a.part[k] op chosen.b.part[k] ? a.part[k] : b.part[k];                               \
        return result;                                                                                                   \
    }
UNSTUCK_COMPARISON(Greater, greater, >)
UNSTUCK_COMPARISON(Less, less, <)
UNSTUCK_COMPARISON(AtLeast, at_least, >=)
UNSTUCK_COMPARISON(Equal, equal, ==)
#undef UNSTUCK_COMPARISON

template <class T>
UNSTUCK_INLINE T select(bool chosen, T a, T b) {
    return chosen ? a : b;
}

// The same number in every lane.
template <class V>
UNSTUCK_INLINE V splat(Scalar<V> value) {
    if constexpr (Traits<V>::lanes == 1) {
        return value;
    } else {
        V result;
        UNSTUCK_UNROLL
        for (int k = 0; k < V::count; ++k) result.part[k] = value - typename V::Part{};
        return result;
    }
}

template <class V>
UNSTUCK_INLINE V zero() {
    return splat<V>(Scalar<V>(0));
}

// ---------------------------------------------------------------- bits

template <class V>
UNSTUCK_INLINE Integer<V> bits(const V& value) {
    return __builtin_bit_cast(Integer<V>, value);
}
template <class V>
UNSTUCK_INLINE V from_bits(const Integer<V>& value) {
    return __builtin_bit_cast(V, value);
}

template <class V>
UNSTUCK_INLINE V absolute(const V& value) {
    using I = typename IntegerOf<Scalar<V>>::type;
    constexpr I all_but_sign = I(~(std::uint64_t(1) << (8 * sizeof(I) - 1)));
    return from_bits<V>(bits(value) & I(sizeof(I) == 8 ? all_but_sign : I(0x7fffffff)));
}

// value with the sign of `sign`.
template <class V>
UNSTUCK_INLINE V with_sign(const V& value, const V& sign) {
    using I = typename IntegerOf<Scalar<V>>::type;
    constexpr I only_sign = I(std::uint64_t(1) << (8 * sizeof(I) - 1));
    return from_bits<V>(bits(value) | (bits(sign) & only_sign));
}

// A NaN in the first of the two stays.
template <class V>
UNSTUCK_INLINE V larger(const V& a, const V& b) {
    return select(less(a, b), b, a);
}
template <class V>
UNSTUCK_INLINE V smaller(const V& a, const V& b) {
    return select(greater(a, b), b, a);
}
// -1, 0 or 1; NaN for NaN, as NumPy has it.
template <class V>
UNSTUCK_INLINE V sign_of(const V& value) {
    const V nothing = zero<V>();
    const V one = splat<V>(1);
    return select(greater(value, nothing), one, select(less(value, nothing), -one, value));
}

// ---------------------------------------------------------------- in and out

template <class V>
UNSTUCK_INLINE Scalar<V> lane(const V& value, int index) {
    if constexpr (Traits<V>::lanes == 1) {
        return value;
    } else {
        return value.part[index / V::width][index % V::width];
    }
}
template <class V>
UNSTUCK_INLINE void set_lane(V& value, int index, Scalar<V> number) {
    if constexpr (Traits<V>::lanes == 1) {
        value = number;
    } else {
        value.part[index / V::width][index % V::width] = number;
    }
}

template <class V>
UNSTUCK_INLINE V load(const Scalar<V>* from) {
    V value;
    std::memcpy(&value, from, sizeof(V));
    return value;
}
template <class V>
UNSTUCK_INLINE void store(Scalar<V>* to, const V& value) {
    std::memcpy(to, &value, sizeof(V));
}

// Calls work(pack type, index) for eight numbers at a time, then for single ones.
template <class T, class Work>
UNSTUCK_INLINE void in_packs(std::int64_t count, Work&& work) {
    std::int64_t i = 0;
    for (; i + 8 <= count; i += 8) work(zero<Pack<T, 8>>(), i);
    for (; i < count; ++i) work(T(0), i);
}

// Lane l plus lane l + L/2.
template <class T, int L>
UNSTUCK_INLINE typename Lanes<T, L / 2>::type halve(const Pack<T, L>& value) {
    if constexpr (L == 2) {
        return lane(value, 0) + lane(value, 1);
    } else {
        Pack<T, L / 2> result;
        if constexpr (Pack<T, L>::count > 1) {
            constexpr int half = Pack<T, L>::count / 2;
            UNSTUCK_UNROLL
            for (int k = 0; k < half; ++k) result.part[k] = value.part[k] + value.part[k + half];
        } else {
            Pack<T, L / 2> upper;
            std::memcpy(&result, &value, sizeof(result));
            std::memcpy(&upper, reinterpret_cast<const char*>(&value) + sizeof(result), sizeof(result));
            result = result + upper;
        }
        return result;
    }
}

// The sum over the lanes in the one order in which every sum over a batch is taken, whatever the instruction set:
// of eight ((0+4)+(2+6)) + ((1+5)+(3+7)). Lanes that do not exist count as 0.
template <class T>
UNSTUCK_INLINE T sum_of_lanes(T value) {
    return value;
}
template <class T, int L>
UNSTUCK_INLINE T sum_of_lanes(const Pack<T, L>& value) {
    return sum_of_lanes(halve(value));
}

}  // namespace unstuck::UNSTUCK_ISA
