// One step of every rule of learning, weight by weight; formulas and sources as in training/optimizers.
//
// Each runs over `count` weights that lie side by side, of one network or of many: the losses of the many, of which
// there are `networks`, alternate in the same way as their weights.
#pragma once

#include "specification.hpp"

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
inline T sign(T value) {
    return value > 0 ? T(1) : value < 0 ? T(-1) : T(0);
}

template <class T>
inline void decay(const Parts<T>& p, T rate, T weight_decay) {
    if (weight_decay == T(0)) return;
    const T factor = T(1) - rate * weight_decay;
    for (std::int64_t i = 0; i < p.count; ++i) p.weights[i] *= factor;
}

template <class T>
inline void descend(const Parts<T>& p, const Rule& rule, T rate) {
    T* __restrict w = p.weights;
    T* __restrict velocity = p.slots[0];
    const T* __restrict g = p.gradient;
    const T momentum = T(rule.settings[1]);
    if (momentum == T(0)) {
        for (std::int64_t i = 0; i < p.count; ++i) {
            velocity[i] = g[i];
            w[i] -= rate * g[i];
        }
    } else if (rule.nesterov) {
        for (std::int64_t i = 0; i < p.count; ++i) {
            velocity[i] = velocity[i] * momentum + g[i];
            w[i] -= rate * (g[i] + momentum * velocity[i]);
        }
    } else {
        for (std::int64_t i = 0; i < p.count; ++i) {
            velocity[i] = velocity[i] * momentum + g[i];
            w[i] -= rate * velocity[i];
        }
    }
}

template <class T>
inline void adagrad(const Parts<T>& p, const Rule& rule, T rate) {
    T* __restrict w = p.weights;
    T* __restrict squares = p.slots[0];
    const T* __restrict g = p.gradient;
    const T epsilon = T(rule.settings[1]);
    for (std::int64_t i = 0; i < p.count; ++i) {
        squares[i] += g[i] * g[i];
        w[i] -= rate * g[i] / (std::sqrt(squares[i]) + epsilon);
    }
}

template <class T>
inline void rmsprop(const Parts<T>& p, const Rule& rule, T rate) {
    T* __restrict w = p.weights;
    T* __restrict squares = p.slots[0];
    T* __restrict mean = p.slots[1];
    T* __restrict velocity = p.slots[2];
    const T* __restrict g = p.gradient;
    const T smoothing = T(rule.settings[1]), epsilon = T(rule.settings[2]), momentum = T(rule.settings[3]);
    const T fresh = T(1.0 - rule.settings[1]);
    if (rule.centered) {
        for (std::int64_t i = 0; i < p.count; ++i) {
            squares[i] = squares[i] * smoothing + fresh * (g[i] * g[i]);
            mean[i] = mean[i] * smoothing + fresh * g[i];
            const T spread = squares[i] - mean[i] * mean[i];
            velocity[i] = velocity[i] * momentum + g[i] / (std::sqrt(spread > T(0) ? spread : T(0)) + epsilon);
            w[i] -= rate * velocity[i];
        }
    } else {
        for (std::int64_t i = 0; i < p.count; ++i) {
            squares[i] = squares[i] * smoothing + fresh * (g[i] * g[i]);
            velocity[i] = velocity[i] * momentum + g[i] / (std::sqrt(squares[i]) + epsilon);
            w[i] -= rate * velocity[i];
        }
    }
}

template <class T>
inline void adam(const Parts<T>& p, const Rule& rule, T rate, std::int64_t step) {
    T* __restrict w = p.weights;
    T* __restrict mean = p.slots[0];
    T* __restrict squares = p.slots[1];
    const T* __restrict g = p.gradient;
    const T beta1 = T(rule.settings[1]), beta2 = T(rule.settings[2]), epsilon = T(rule.settings[3]);
    const T fresh1 = T(1.0 - rule.settings[1]), fresh2 = T(1.0 - rule.settings[2]);
    const T seen1 = T(1.0 - std::pow(rule.settings[1], double(step))), seen2 = T(1.0 - std::pow(rule.settings[2], double(step)));
    const T scaled = rate / seen1, unseen = T(1) / seen2;
    for (std::int64_t i = 0; i < p.count; ++i) {
        mean[i] = mean[i] * beta1 + fresh1 * g[i];
        squares[i] = squares[i] * beta2 + fresh2 * (g[i] * g[i]);
        w[i] -= scaled * mean[i] / (std::sqrt(squares[i] * unseen) + epsilon);
    }
}

// The four forms of Rprop; `loss` and `previous_loss` hold one number for each network.
template <Optimizer kind, class T>
inline void rprop(const Parts<T>& p, const Rule& rule, const T* loss, const T* previous_loss, std::int64_t networks) {
    T* __restrict w = p.weights;
    T* __restrict size = p.slots[0];
    T* __restrict previous = p.slots[1];
    T* __restrict update = p.slots[2];
    const T* __restrict g = p.gradient;
    const T grow = T(rule.settings[1]), shrink = T(rule.settings[2]);
    const T smallest = T(rule.settings[3]), largest = T(rule.settings[4]);
    const bool is_one = networks == 1;
    const std::int64_t period = is_one ? p.count : networks;
    const bool grew = *previous_loss < *loss;
    for (std::int64_t from = 0; from < p.count; from += period) {
        for (std::int64_t k = 0; k < period; ++k) {
            const std::int64_t i = from + k;
            const T agreement = sign(g[i]) * previous[i];
            T step = size[i];
            step = agreement > T(0) ? step * grow : agreement < T(0) ? step * shrink : step;
            step = step < smallest ? smallest : step > largest ? largest : step;
            size[i] = step;
            const bool changed = agreement < T(0);
            const T kept = changed && kind != Optimizer::rprop_minus ? T(0) : g[i];
            previous[i] = kept;
            const T forward = sign(kept) * step;
            if constexpr (kind == Optimizer::rprop_minus || kind == Optimizer::irprop_minus) {
                w[i] -= forward;
            } else {
                const bool back = changed && (kind == Optimizer::rprop_plus || (is_one ? grew : previous_loss[k] < loss[k]));
                update[i] = back ? -update[i] : -forward;
                w[i] += update[i];
            }
        }
    }
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
