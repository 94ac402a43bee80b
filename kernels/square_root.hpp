// The square root of every lane, rounded correctly as the scalar one is.
#pragma once

#include "pack.hpp"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace unstuck::UNSTUCK_ISA {

template <class T>
UNSTUCK_INLINE T square_root(T value) {
    return std::sqrt(value);
}

template <class T, int L>
UNSTUCK_INLINE Pack<T, L> square_root(const Pack<T, L>& value) {
    using P = typename Pack<T, L>::Part;
    Pack<T, L> result;
    UNSTUCK_UNROLL
    for (int k = 0; k < Pack<T, L>::count; ++k) {
        const P part = value.part[k];
        if constexpr (sizeof(P) < 16) {
            for (int i = 0; i < Pack<T, L>::width; ++i) result.part[k][i] = std::sqrt(part[i]);
        }
#if defined(__AVX512F__)
        else if constexpr (sizeof(P) == 64 && sizeof(T) == 8) result.part[k] = (P)_mm512_sqrt_pd((__m512d)part);
        else if constexpr (sizeof(P) == 64) result.part[k] = (P)_mm512_sqrt_ps((__m512)part);
#endif
#if defined(__AVX__)
        else if constexpr (sizeof(P) == 32 && sizeof(T) == 8) result.part[k] = (P)_mm256_sqrt_pd((__m256d)part);
        else if constexpr (sizeof(P) == 32) result.part[k] = (P)_mm256_sqrt_ps((__m256)part);
#endif
#if defined(__SSE2__)
        else if constexpr (sizeof(P) == 16 && sizeof(T) == 8) result.part[k] = (P)_mm_sqrt_pd((__m128d)part);
        else if constexpr (sizeof(P) == 16) result.part[k] = (P)_mm_sqrt_ps((__m128)part);
#endif
        else
            for (int i = 0; i < Pack<T, L>::width; ++i) result.part[k][i] = std::sqrt(part[i]);
    }
    return result;
}

}  // namespace unstuck::UNSTUCK_ISA
