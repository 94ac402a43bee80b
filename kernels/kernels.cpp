// Compiled once for each instruction set, which UNSTUCK_ISA names, and each precision, UNSTUCK_NUMBER.
#include "many.hpp"
#include "medium.hpp"
#include "prediction.hpp"
#include "small.hpp"

namespace unstuck::UNSTUCK_ISA {

template <class T>
Runner* make_small(const Training<T>& training) {
    if (training.rows.batch == 1) return new SmallTraining<T, 1>(training);
    if (training.rows.batch <= 4) return new SmallTraining<T, 4>(training);
    return new SmallTraining<T, 8>(training);
}

template <class T>
Runner* make_medium(const Training<T>& training, Blas blas, int threads) {
    return new MediumTraining<T>(training, blas, threads);
}

template <class T>
Many* make_many(const ManyNetworks<T>& networks) {
    const std::int64_t batch = networks.first.rows.batch;
    if (batch == 1) return new ManyTraining<T, 1>(networks);
    if (batch <= 4) return new ManyTraining<T, 4>(networks);
    return new ManyTraining<T, 8>(networks);
}

template <class V>
V value_of(Function function, const V& x) {
    switch (function) {
        case Function::exp: return exp(x);
        case Function::exp_of_minus: return exp_of_minus(x);
        case Function::expm1_below_zero: return expm1_below_zero(x);
        case Function::log: return log(x);
        case Function::log1p_of_share: return log1p_of_share(x);
        case Function::tanh: return tanh(x);
        case Function::logistic: return logistic(x);
        case Function::softplus: return softplus(x);
    }
    return x;
}

template <class T>
void evaluate(Function function, const T* x, T* y, std::int64_t count) {
    using V = Pack<T, 8>;
    std::int64_t at = 0;
    for (; at + 8 <= count; at += 8) store<V>(y + at, value_of<V>(function, load<V>(x + at)));
    for (; at < count; ++at) y[at] = value_of<T>(function, x[at]);
}

const Offers<UNSTUCK_NUMBER>& offers(UNSTUCK_NUMBER) {
    static constexpr Offers<UNSTUCK_NUMBER> all{make_small<UNSTUCK_NUMBER>, make_medium<UNSTUCK_NUMBER>, make_many<UNSTUCK_NUMBER>, predict<UNSTUCK_NUMBER>, evaluate<UNSTUCK_NUMBER>};
    return all;
}

}  // namespace unstuck::UNSTUCK_ISA
