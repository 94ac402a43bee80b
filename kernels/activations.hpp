// Activation functions and their backward rules, value by value; formulas and sources as in nets/activations.
#pragma once

#include "elementary.hpp"
#include "specification.hpp"

namespace unstuck::UNSTUCK_ISA {

constexpr double selu_alpha = 1.6732632423543772848170429916717;
constexpr double selu_scale = 1.0507009873554804934193349852946;
constexpr double gelu_slope = 0.79788456080286535588;  // sqrt(2 / pi)
constexpr double gelu_cube = 0.044715;

template <class V>
UNSTUCK_INLINE V gelu_tanh(const V& z) {
    using T = Scalar<V>;
    return tanh<V>((z * z * z * T(gelu_cube) + z) * T(gelu_slope));
}

// a = f(z), for every activation but softmax.
template <Activation kind, class V>
UNSTUCK_INLINE V activate(const V& z, Scalar<V> setting) {
    using T = Scalar<V>;
    const V nothing = zero<V>();
    if constexpr (kind == Activation::sigmoid) return logistic(z);
    else if constexpr (kind == Activation::tanh) return tanh(z);
    else if constexpr (kind == Activation::softsign) return z / (absolute(z) + T(1));
    else if constexpr (kind == Activation::hard_sigmoid)
        return smaller(larger(V(z + T(3)), nothing), splat<V>(T(6))) / splat<V>(T(6));
    else if constexpr (kind == Activation::relu) return select(less(z, nothing), nothing, z);
    else if constexpr (kind == Activation::leaky_relu) return select(greater(z, nothing), z, V(z * setting));
    else if constexpr (kind == Activation::elu)
        return select(greater(z, nothing), z, V(expm1_below_zero<V>(smaller(z, nothing)) * setting));
    else if constexpr (kind == Activation::selu)
        return select(greater(z, nothing), z, V(expm1_below_zero<V>(smaller(z, nothing)) * T(selu_alpha))) * T(selu_scale);
    else if constexpr (kind == Activation::gelu) return z * T(0.5) * (gelu_tanh(z) + T(1));
    else if constexpr (kind == Activation::silu) return z * logistic(z);
    else if constexpr (kind == Activation::softplus) return softplus(z);
    else return z;
}

// dJ/dz, given dJ/da, for every activation but softmax.
template <Activation kind, class V>
UNSTUCK_INLINE V deactivate(const V& z, const V& a, const V& grad, Scalar<V> setting) {
    using T = Scalar<V>;
    const V nothing = zero<V>(), one = splat<V>(T(1));
    if constexpr (kind == Activation::sigmoid) return grad * a * (T(1) - a);
    else if constexpr (kind == Activation::tanh) return grad * (T(1) - a * a);
    else if constexpr (kind == Activation::softsign) {
        const V width = absolute(z) + T(1);
        return grad / (width * width);
    } else if constexpr (kind == Activation::hard_sigmoid)
        return select(less(absolute(z), splat<V>(T(3))), V(grad / splat<V>(T(6))), nothing);
    else if constexpr (kind == Activation::relu) return select(greater(z, nothing), grad, nothing);
    else if constexpr (kind == Activation::leaky_relu) return select(greater(z, nothing), grad, V(grad * setting));
    else if constexpr (kind == Activation::elu)
        return grad * select(greater(z, nothing), one, V(exp_of_minus<V>(absolute<V>(smaller(z, nothing))) * setting));
    else if constexpr (kind == Activation::selu) {
        const V slope = select(greater(z, nothing), one, V(exp_of_minus<V>(absolute<V>(smaller(z, nothing))) * T(selu_alpha)));
        return grad * (slope * T(selu_scale));
    } else if constexpr (kind == Activation::gelu) {
        const V level = gelu_tanh(z);
        const V slope = (z * z * T(3 * gelu_cube) + T(1)) * T(gelu_slope);
        return grad * ((level + T(1)) * T(0.5) + z * T(0.5) * (T(1) - level * level) * slope);
    } else if constexpr (kind == Activation::silu) {
        const V gate = logistic(z);
        return grad * gate * (z * (T(1) - gate) + T(1));
    } else if constexpr (kind == Activation::softplus) return grad * logistic(z);
    else return grad;
}

// Calls work<kind>() for the activation that is named at run time.
template <class Work>
UNSTUCK_INLINE void with_activation(Activation kind, Work&& work) {
#define UNSTUCK_CASE(name) \
    case Activation::name: return work(std::integral_constant<Activation, Activation::name>{});
    switch (kind) {
        UNSTUCK_CASE(identity)
        UNSTUCK_CASE(sigmoid)
        UNSTUCK_CASE(tanh)
        UNSTUCK_CASE(softsign)
        UNSTUCK_CASE(hard_sigmoid)
        UNSTUCK_CASE(relu)
        UNSTUCK_CASE(leaky_relu)
        UNSTUCK_CASE(elu)
        UNSTUCK_CASE(selu)
        UNSTUCK_CASE(gelu)
        UNSTUCK_CASE(silu)
        UNSTUCK_CASE(softplus)
        case Activation::softmax: return;
    }
#undef UNSTUCK_CASE
}

// Softmax over `count` values that lie `stride` apart.
template <class V>
UNSTUCK_INLINE void softmax(const V* z, V* a, std::int64_t count, std::int64_t stride) {
    V largest = z[0];
    for (std::int64_t j = 1; j < count; ++j) largest = larger(largest, z[j * stride]);
    V total = zero<V>();
    for (std::int64_t j = 0; j < count; ++j) {
        a[j * stride] = exp_of_minus<V>(largest - z[j * stride]);
        total += a[j * stride];
    }
    for (std::int64_t j = 0; j < count; ++j) a[j * stride] = a[j * stride] / total;
}

// dJ/dz = a (g - sum(g a)), in the place of g = dJ/da.
template <class V>
UNSTUCK_INLINE void unsoftmax(const V* a, V* grad, std::int64_t count, std::int64_t stride) {
    V along = zero<V>();
    for (std::int64_t j = 0; j < count; ++j) along += grad[j * stride] * a[j * stride];
    for (std::int64_t j = 0; j < count; ++j) grad[j * stride] = a[j * stride] * (grad[j * stride] - along);
}

}  // namespace unstuck::UNSTUCK_ISA
