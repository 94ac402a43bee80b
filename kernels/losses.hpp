// What a row costs and how that changes with the last preactivations; formulas and sources as in nets/losses.
#pragma once

#include "layers.hpp"

namespace unstuck::UNSTUCK_ISA {

constexpr double lowest_logarithm = -100;
constexpr double smallest_variance = 1e-12;
constexpr double largest_log_rate = 70;
constexpr double smallest_rate = 1e-8;

template <class V>
UNSTUCK_INLINE V clipped_log(const V& a) {
    using T = Scalar<V>;
    const V lowest = splat<V>(T(lowest_logarithm));
    return select(greater(a, zero<V>()), larger(log(a), lowest), lowest);
}

// base^exponent for base >= 0.
template <class V>
UNSTUCK_INLINE V power(const V& base, Scalar<V> exponent) {
    using T = Scalar<V>;
    if (exponent == T(0)) return splat<V>(T(1));
    if (exponent == T(1)) return base;
    if (exponent == T(2)) return base * base;
    return select(greater(base, zero<V>()), exp<V>(log(base) * exponent), zero<V>());
}

// What one output costs and the slope of that, before either is divided by the number of outputs.
template <class V>
struct Cost {
    V cost, slope;
};

template <Loss kind, class V>
UNSTUCK_INLINE Cost<V> cost_of_output(const V& a, const V& y, const double* settings) {
    using T = Scalar<V>;
    const V nothing = zero<V>(), residual = a - y;
    if constexpr (kind == Loss::mse) return {residual * residual, residual * T(2)};
    else if constexpr (kind == Loss::half_sum) return {residual * residual * T(0.5), residual};
    else if constexpr (kind == Loss::mae) return {absolute(residual), sign_of(residual)};
    else if constexpr (kind == Loss::huber) {
        const V threshold = splat<V>(T(settings[0])), size = absolute(residual), inner = smaller(size, threshold);
        return {inner * (size - inner * T(0.5)), larger(smaller(residual, threshold), V(-threshold))};
    } else if constexpr (kind == Loss::quantile) {
        const T q = T(settings[0]);
        const V side = sign_of(residual), shortfall = -residual;
        return {larger(V(shortfall * q), V(shortfall * (q - T(1)))), side * T(0.5) + absolute(side) * (T(0.5) - q)};
    } else if constexpr (kind == Loss::poisson_of_logarithm) {
        const V limit = splat<V>(T(largest_log_rate));
        const V rate = exp<V>(smaller(a, limit)), beyond = larger(V(a - limit), nothing);
        return {rate * (beyond + T(1)) - y * a, rate - y};
    } else if constexpr (kind == Loss::poisson_of_rate) {
        const V rate = a + T(smallest_rate);
        return {a - y * log(rate), T(1) - y / rate};
    } else {  // binary cross-entropy of outputs that do not come from a sigmoid
        const V variance = larger(V(a * (T(1) - a)), splat<V>(T(smallest_variance)));
        return {-y * clipped_log<V>(a) - (T(1) - y) * clipped_log<V>(T(1) - a), residual / variance};
    }
}

// The same from the logit of a sigmoid, where the slope is that by the logit.
template <class V>
UNSTUCK_INLINE Cost<V> cross_entropy_of_logit(const V& z, const V& a, const V& y) {
    using T = Scalar<V>;
    const V over = select(greater(z, zero<V>()), splat<V>(T(1)), zero<V>());
    return {(over - y) * z + log1p_of_share<V>(exp_of_minus<V>(absolute(z))), a - y};
}

template <class V>
UNSTUCK_INLINE Cost<V> focal_of_logit(const V& z, const V& y, const double* settings, bool balanced) {
    using T = Scalar<V>;
    const T gamma = T(settings[0]);
    const auto positive = greater(y, zero<V>());
    const V margin = select(positive, z, V(-z));
    const V entropy = larger(V(-margin), zero<V>()) + log1p_of_share<V>(exp_of_minus<V>(absolute(margin)));
    const V missing = logistic<V>(-margin), weight = power(missing, gamma);
    const V balance = balanced ? select(positive, splat<V>(T(settings[1])), splat<V>(T(1 - settings[1]))) : splat<V>(T(1));
    const V slope = -weight * ((T(1) - missing) * entropy * gamma + missing);
    return {balance * weight * entropy, select(positive, slope, V(-slope)) * balance};
}

// ln sum exp over the outputs.
template <class V>
UNSTUCK_INLINE V log_of_total(const V* z, std::int64_t count, std::int64_t stride) {
    V largest = z[0], total = zero<V>();
    for (std::int64_t j = 1; j < count; ++j) largest = larger(largest, z[j * stride]);
    for (std::int64_t j = 0; j < count; ++j) total += exp_of_minus<V>(largest - z[j * stride]);
    return largest + log<V>(total);
}

// Write dJ/dz of the last layer into `delta`, not yet divided by the number of rows; return what the rows cost.
template <class V>
[[gnu::noinline]] V lose(const Network& net, const V* z, const V* a, const V* y, V* delta, std::int64_t stride) {
    using T = Scalar<V>;
    const Layer& last = net.layers[net.n_layers - 1];
    const Objective& objective = net.objective;
    const std::int64_t count = last.n_out;
    const V share = splat<V>(T(1) / T(count));
    V total = zero<V>();
    const bool from_softmax = last.activation == Activation::softmax;
    const bool is_focal = objective.loss == Loss::focal || objective.loss == Loss::focal_balanced;

    if (from_softmax && (objective.loss == Loss::ce || is_focal)) {
        const V level = log_of_total(z, count, stride);
        for (std::int64_t j = 0; j < count; ++j) total += y[j * stride] * (z[j * stride] - level);
        V slope = splat<V>(T(-1)), cost = -total;
        if (is_focal) {
            const T gamma = T(objective.settings[0]);
            const V missing = -expm1_below_zero<V>(smaller(total, zero<V>()));
            const V steep = gamma == T(0) ? zero<V>() : select(greater(missing, zero<V>()), V(power<V>(missing, gamma - T(1)) * gamma), zero<V>());
            slope = steep * exp<V>(total) * total - power(missing, gamma);
            cost = -(power(missing, gamma) * total);
        }
        for (std::int64_t j = 0; j < count; ++j) delta[j * stride] = slope * (y[j * stride] - a[j * stride]);
        return cost;
    }
    const bool from_sigmoid = last.activation == Activation::sigmoid;
    if (from_sigmoid && (objective.loss == Loss::bce || is_focal)) {
        for (std::int64_t j = 0; j < count; ++j) {
            const Cost<V> found = is_focal ? focal_of_logit<V>(z[j * stride], y[j * stride], objective.settings, objective.loss == Loss::focal_balanced)
                                           : cross_entropy_of_logit<V>(z[j * stride], a[j * stride], y[j * stride]);
            total += found.cost;
            delta[j * stride] = found.slope * share;
        }
        return total * share;
    }
    const bool summed = objective.loss == Loss::half_sum;
#define UNSTUCK_CASE(name)                                                                                          \
    case Loss::name:                                                                                                \
        for (std::int64_t j = 0; j < count; ++j) {                                                                  \
            const Cost<V> found = cost_of_output<Loss::name, V>(a[j * stride], y[j * stride], objective.settings);  \
            total += found.cost;                                                                                    \
            delta[j * stride] = summed ? found.slope : V(found.slope * share);                                      \
        }                                                                                                           \
        break;
    switch (objective.loss) {
        UNSTUCK_CASE(mse)
        UNSTUCK_CASE(half_sum)
        UNSTUCK_CASE(mae)
        UNSTUCK_CASE(huber)
        UNSTUCK_CASE(quantile)
        UNSTUCK_CASE(poisson_of_logarithm)
        UNSTUCK_CASE(poisson_of_rate)
        UNSTUCK_CASE(bce)
        default: break;
    }
#undef UNSTUCK_CASE
    deactivate_all<V>(last, z, a, delta, 1, stride);
    return summed ? total : V(total * share);
}

}  // namespace unstuck::UNSTUCK_ISA
