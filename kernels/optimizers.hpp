// One step of every rule of learning, weight by weight; formulas and sources as in training/optimizers.
//
// Each runs over `count` weights that lie side by side, of one network or of many: the losses of the many, of which
// there are `networks`, alternate in the same way as their weights.
#pragma once

#include "specification.hpp"
#include "square_root.hpp"

#include <cmath>
#include <cstdint>

namespace unstuck::UNSTUCK_ISA {

template <class T>
struct Parts {
    T* weights;
    const T* gradient;
    T* slots[most_slots];
    std::int64_t count;
};

template <class T>
inline void decay(const Parts<T>& p, T rate, T weight_decay) {
    if (weight_decay == T(0)) return;
    const T factor = T(1) - rate * weight_decay;
    in_packs<T>(p.count, [&](auto like, std::int64_t i) {
        using V = decltype(like);
        store<V>(p.weights + i, load<V>(p.weights + i) * factor);
    });
}

template <class T>
inline void descend(const Parts<T>& p, const Rule& rule, T rate) {
    T* const velocity = p.slots[0];
    const T momentum = T(rule.settings[1]);
    in_packs<T>(p.count, [&](auto like, std::int64_t i) {
        using V = decltype(like);
        const V g = load<V>(p.gradient + i);
        V speed = g;
        if (momentum != T(0)) speed = load<V>(velocity + i) * momentum + g;
        store<V>(velocity + i, speed);
        if (rule.nesterov && momentum != T(0)) speed = g + speed * momentum;
        store<V>(p.weights + i, load<V>(p.weights + i) - speed * rate);
    });
}

template <class T>
inline void adagrad(const Parts<T>& p, const Rule& rule, T rate) {
    const T epsilon = T(rule.settings[1]);
    in_packs<T>(p.count, [&](auto like, std::int64_t i) {
        using V = decltype(like);
        const V g = load<V>(p.gradient + i), squares = load<V>(p.slots[0] + i) + g * g;
        store<V>(p.slots[0] + i, squares);
        store<V>(p.weights + i, load<V>(p.weights + i) - g * rate / (square_root(squares) + epsilon));
    });
}

template <class T>
inline void rmsprop(const Parts<T>& p, const Rule& rule, T rate) {
    const T smoothing = T(rule.settings[1]), epsilon = T(rule.settings[2]), momentum = T(rule.settings[3]);
    const T fresh = T(1.0 - rule.settings[1]);
    in_packs<T>(p.count, [&](auto like, std::int64_t i) {
        using V = decltype(like);
        const V g = load<V>(p.gradient + i);
        V spread = load<V>(p.slots[0] + i) * smoothing + g * g * fresh;
        store<V>(p.slots[0] + i, spread);
        if (rule.centered) {
            const V mean = load<V>(p.slots[1] + i) * smoothing + g * fresh;
            store<V>(p.slots[1] + i, mean);
            spread = larger(V(spread - mean * mean), zero<V>());
        }
        const V velocity = load<V>(p.slots[2] + i) * momentum + g / (square_root(spread) + epsilon);
        store<V>(p.slots[2] + i, velocity);
        store<V>(p.weights + i, load<V>(p.weights + i) - velocity * rate);
    });
}

template <class T>
inline void adam(const Parts<T>& p, const Rule& rule, T rate, std::int64_t step) {
    const T beta1 = T(rule.settings[1]), beta2 = T(rule.settings[2]), epsilon = T(rule.settings[3]);
    const T fresh1 = T(1.0 - rule.settings[1]), fresh2 = T(1.0 - rule.settings[2]);
    const T seen1 = T(1.0 - std::pow(rule.settings[1], double(step))), seen2 = T(1.0 - std::pow(rule.settings[2], double(step)));
    const T scaled = rate / seen1, unseen = T(1) / seen2;
    in_packs<T>(p.count, [&](auto like, std::int64_t i) {
        using V = decltype(like);
        const V g = load<V>(p.gradient + i);
        const V mean = load<V>(p.slots[0] + i) * beta1 + g * fresh1, squares = load<V>(p.slots[1] + i) * beta2 + g * g * fresh2;
        store<V>(p.slots[0] + i, mean);
        store<V>(p.slots[1] + i, squares);
        store<V>(p.weights + i, load<V>(p.weights + i) - mean * scaled / (square_root(V(squares * unseen)) + epsilon));
    });
}

// Whether the loss has grown: 1 or 0 for each network.
template <class V>
UNSTUCK_INLINE V growth(const Scalar<V>* loss, const Scalar<V>* previous_loss, std::int64_t networks) {
    using T = Scalar<V>;
    V grew = splat<V>(*previous_loss < *loss ? T(1) : T(0));
    for (int k = 1; k < Traits<V>::lanes && k < networks; ++k) set_lane(grew, k, previous_loss[k] < loss[k] ? T(1) : T(0));
    return grew;
}

// The four forms of Rprop; `loss` and `previous_loss` hold one number for each network.
template <Optimizer kind, class T>
inline void rprop(const Parts<T>& p, const Rule& rule, const T* loss, const T* previous_loss, std::int64_t networks) {
    const T grow = T(rule.settings[1]), shrink = T(rule.settings[2]);
    const T smallest = T(rule.settings[3]), largest = T(rule.settings[4]);
    const Pack<T, 8> grew = growth<Pack<T, 8>>(loss, previous_loss, networks);
    in_packs<T>(p.count, [&](auto like, std::int64_t i) {
        using V = decltype(like);
        const V nothing = zero<V>(), g = load<V>(p.gradient + i), size = load<V>(p.slots[0] + i);
        const V agreement = sign_of(g) * load<V>(p.slots[1] + i);
        const auto agrees = greater(agreement, nothing), changed = less(agreement, nothing);
        const V step = smaller(larger(select(agrees, V(size * grow), select(changed, V(size * shrink), size)), splat<V>(smallest)), splat<V>(largest));
        store<V>(p.slots[0] + i, step);
        const V kept = kind == Optimizer::rprop_minus ? g : select(changed, nothing, g);
        store<V>(p.slots[1] + i, kept);
        const V forward = sign_of(kept) * step, weights = load<V>(p.weights + i);
        if constexpr (kind == Optimizer::rprop_minus || kind == Optimizer::irprop_minus) {
            store<V>(p.weights + i, weights - forward);
        } else {
            V back = splat<V>(T(1));
            if constexpr (kind == Optimizer::irprop_plus) {
                if constexpr (Traits<V>::lanes == 1) back = lane(grew, 0);
                else back = grew;
            }
            const V undone = select(changed, back, nothing), update = select(greater(undone, nothing), V(-load<V>(p.slots[2] + i)), V(-forward));
            store<V>(p.slots[2] + i, update);
            store<V>(p.weights + i, weights + update);
        }
    });
}

// Move the weights one step. `step` counts from 1; `rate_factor` is what a schedule multiplies the rate by.
template <class T>
inline void take_step(const Parts<T>& p, const Rule& rule, double rate_factor, std::int64_t step, const T* loss, T* previous_loss, std::int64_t networks) {
    const T rate = T(rule.settings[0] * rate_factor);
    switch (rule.kind) {
        case Optimizer::gd:
        case Optimizer::adagrad:
        case Optimizer::rmsprop:
        case Optimizer::adam:
            decay(p, rate, T(rule.settings[most_settings - 1]));
            break;
        default:
            break;
    }
    switch (rule.kind) {
        case Optimizer::gd: return descend(p, rule, rate);
        case Optimizer::adagrad: return adagrad(p, rule, rate);
        case Optimizer::rmsprop: return rmsprop(p, rule, rate);
        case Optimizer::adam: return adam(p, rule, rate, step);
        case Optimizer::rprop_minus: return rprop<Optimizer::rprop_minus>(p, rule, loss, previous_loss, networks);
        case Optimizer::rprop_plus: return rprop<Optimizer::rprop_plus>(p, rule, loss, previous_loss, networks);
        case Optimizer::irprop_minus: return rprop<Optimizer::irprop_minus>(p, rule, loss, previous_loss, networks);
        case Optimizer::irprop_plus:
            rprop<Optimizer::irprop_plus>(p, rule, loss, previous_loss, networks);
            for (std::int64_t k = 0; k < networks; ++k) previous_loss[k] = loss[k];
            return;
    }
}

}  // namespace unstuck::UNSTUCK_ISA
