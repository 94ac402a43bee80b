// Which instruction set to use on this machine.
#include "runner.hpp"

#include <cstring>

namespace unstuck {

Runner::~Runner() = default;
Many::~Many() = default;

#define UNSTUCK_DECLARE(isa)                  \
    namespace isa {                           \
    const Offers<float>& offers(float);       \
    const Offers<double>& offers(double);     \
    }
UNSTUCK_DECLARE(baseline)
#if defined(UNSTUCK_X86)
UNSTUCK_DECLARE(avx2)
UNSTUCK_DECLARE(avx512)
#endif
#undef UNSTUCK_DECLARE

const Kernels* kernels(const char* name) {
    const auto is_wanted = [&](const char* isa) { return *name == '\0' || std::strcmp(name, isa) == 0; };
#if defined(UNSTUCK_X86)
    __builtin_cpu_init();
    const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                            __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (has_avx512 && is_wanted("avx512")) {
        static const Kernels found{"avx512", avx512::offers(0.0F), avx512::offers(0.0)};
        return &found;
    }
    if (__builtin_cpu_supports("avx2") && is_wanted("avx2")) {
        static const Kernels found{"avx2", avx2::offers(0.0F), avx2::offers(0.0)};
        return &found;
    }
#endif
    static const Kernels found{"baseline", baseline::offers(0.0F), baseline::offers(0.0)};
    return is_wanted("baseline") ? &found : nullptr;
}

}  // namespace unstuck
