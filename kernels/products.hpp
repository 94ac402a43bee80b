// Matrix products by the BLAS library that NumPy brings, which Python looks up.
#pragma once

#include <cstdint>

namespace unstuck {

// Where cblas_sgemm and cblas_dgemm are, and whether their sizes are 64 bits wide.
struct Blas {
    void* gemm;
    bool wide;
};

template <class T>
class Products {
public:
    explicit Products(Blas blas) : blas_(blas) {}

    bool is_there() const { return blas_.gemm != nullptr; }

    // C = A B, or with A or B transposed, added to what is there if `adds`; all row after row. C is (m, n), the sums have k terms.
    void multiply(bool transposes_a, bool transposes_b, std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t a_apart, const T* b,
                  std::int64_t b_apart, bool adds, T* c, std::int64_t c_apart) const {
        if (blas_.wide) call<std::int64_t>(transposes_a, transposes_b, m, n, k, a, a_apart, b, b_apart, adds, c, c_apart);
        else call<std::int32_t>(transposes_a, transposes_b, m, n, k, a, a_apart, b, b_apart, adds, c, c_apart);
    }

private:
    template <class Size>
    void call(bool ta, bool tb, std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t lda, const T* b, std::int64_t ldb, bool adds, T* c,
              std::int64_t ldc) const {
        constexpr int row_major = 101, as_is = 111, transposed = 112;
        using Gemm = void (*)(int, int, int, Size, Size, Size, T, const T*, Size, const T*, Size, T, T*, Size);
        reinterpret_cast<Gemm>(blas_.gemm)(row_major, ta ? transposed : as_is, tb ? transposed : as_is, Size(m), Size(n), Size(k), T(1), a, Size(lda), b,
                                           Size(ldb), adds ? T(1) : T(0), c, Size(ldc));
    }

    Blas blas_;
};

}  // namespace unstuck
