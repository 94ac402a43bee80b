// What holds weights and gradients down: penalties, clipping, and a largest length of the weights into a unit.
#pragma once

#include "specification.hpp"

#include <cmath>

namespace unstuck::UNSTUCK_ISA {

// The numbers of a network lie `apart` places from each other where those of several networks alternate.

// Add the penalties' gradient to `gradient` and return what they cost.
template <class T>
inline T add_penalties(const Network& net, const T* parameters, T* gradient, std::int64_t apart = 1) {
    const T l1 = T(net.objective.l1), l2 = T(net.objective.l2);
    if (l1 == T(0) && l2 == T(0)) return T(0);
    T sizes = 0, squares = 0;
    for (std::int64_t l = 0; l < net.n_layers; ++l) {
        const Layer& layer = net.layers[l];
        for (std::int64_t i = layer.weights; i < layer.weights + layer.n_in * layer.n_out; ++i) {
            const T w = parameters[i * apart];
            sizes += std::fabs(w);
            squares += w * w;
            gradient[i * apart] += l1 * (w > 0 ? T(1) : w < 0 ? T(-1) : T(0)) + l2 * w;
        }
    }
    return l1 * sizes + l2 / 2 * squares;
}

template <class T>
inline void clip(const Limits& limits, T* gradient, std::int64_t count, std::int64_t apart = 1) {
    if (limits.clip_value > 0) {
        const T most = T(limits.clip_value);
        for (std::int64_t i = 0; i < count * apart; i += apart) gradient[i] = gradient[i] > most ? most : gradient[i] < -most ? -most : gradient[i];
    }
    if (limits.clip_norm > 0) {
        T squares = 0;
        for (std::int64_t i = 0; i < count * apart; i += apart) squares += gradient[i] * gradient[i];
        const double norm = std::sqrt(double(squares));
        if (norm > limits.clip_norm) {
            const T factor = T(limits.clip_norm / norm);
            for (std::int64_t i = 0; i < count * apart; i += apart) gradient[i] *= factor;
        }
    }
}

template <class T>
inline void keep_max_norm(const Limits& limits, const Network& net, T* parameters, std::int64_t apart = 1) {
    if (limits.max_norm <= 0) return;
    const T most = T(limits.max_norm);
    for (std::int64_t l = 0; l < net.n_layers; ++l) {
        const Layer& layer = net.layers[l];
        for (std::int64_t j = 0; j < layer.n_out; ++j) {
            T squares = 0;
            T* const column = parameters + (layer.weights + j) * apart;
            const std::int64_t next = layer.n_out * apart;
            for (std::int64_t i = 0; i < layer.n_in; ++i) squares += column[i * next] * column[i * next];
            const T length = std::sqrt(squares);
            if (length <= most) continue;
            const T factor = most / length;
            for (std::int64_t i = 0; i < layer.n_in; ++i) column[i * next] *= factor;
        }
    }
}

}  // namespace unstuck::UNSTUCK_ISA
