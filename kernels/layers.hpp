// One layer forward and backward, with the samples side by side in packs.
//
// Values of a layer lie unit after unit, `stride` packs apart, each with `blocks` packs of samples.
#pragma once

#include "activations.hpp"

namespace unstuck::UNSTUCK_ISA {

// Calls work(how many, first) for units four at a time, then for those that are left, so that four sums are kept in registers.
template <class Work>
UNSTUCK_INLINE void in_fours(std::int64_t units, Work&& work) {
    std::int64_t first = 0;
    for (; first + 4 <= units; first += 4) work(std::integral_constant<int, 4>{}, first);
    switch (units - first) {
        case 1: return work(std::integral_constant<int, 1>{}, first);
        case 2: return work(std::integral_constant<int, 2>{}, first);
        case 3: return work(std::integral_constant<int, 3>{}, first);
    }
}

// W is what a weight is: a number, or a pack with one for each of many networks.
template <class V, class W>
struct Dense {
    const Layer& layer;
    const W* weights;
    const W* biases;  // nullptr for none
    std::int64_t blocks, stride;

    Dense(const Layer& given, const W* parameters, std::int64_t n_blocks, std::int64_t apart)
        : layer(given), weights(parameters + given.weights), biases(given.biases < 0 ? nullptr : parameters + given.biases), blocks(n_blocks), stride(apart) {}

    // z = x W + b
    UNSTUCK_INLINE void forward(const V* x, V* z) const {
        in_fours(layer.n_out, [&](auto count, std::int64_t j) { units<count.value>(x, z, j); });
    }

    // dJ/dx = delta W^T
    UNSTUCK_INLINE void backward(const V* delta, V* grad) const {
        in_fours(layer.n_in, [&](auto count, std::int64_t i) { inputs<count.value>(delta, grad, i); });
    }

    // dJ/dW = x^T delta and dJ/db = sum of delta. Sums over lanes are kept in `carry` from tile to tile until the `last`.
    UNSTUCK_INLINE void gradient(const V* x, const V* delta, W* gradients, V* carry, bool first, bool last) const {
        for (std::int64_t i = 0; i < layer.n_in; ++i) products(x + i * stride, delta, gradients, carry, layer.weights + i * layer.n_out, first, last);
        if (biases != nullptr) products(nullptr, delta, gradients, carry, layer.biases, first, last);
    }

private:
    template <int count>
    UNSTUCK_INLINE void units(const V* x, V* z, std::int64_t j) const {
        for (std::int64_t block = 0; block < blocks; ++block) {
            V sums[count];
            for (int k = 0; k < count; ++k) sums[k] = x[block] * weights[j + k];
            for (std::int64_t i = 1; i < layer.n_in; ++i) {
                const V value = x[i * stride + block];
                for (int k = 0; k < count; ++k) sums[k] += value * weights[i * layer.n_out + j + k];
            }
            if (biases != nullptr)
                for (int k = 0; k < count; ++k) sums[k] += biases[j + k];
            for (int k = 0; k < count; ++k) z[(j + k) * stride + block] = sums[k];
        }
    }

    template <int count>
    UNSTUCK_INLINE void inputs(const V* delta, V* grad, std::int64_t i) const {
        const W* row = weights + i * layer.n_out;
        for (std::int64_t block = 0; block < blocks; ++block) {
            V sums[count];
            for (int k = 0; k < count; ++k) sums[k] = delta[block] * row[k * layer.n_out];
            for (std::int64_t j = 1; j < layer.n_out; ++j) {
                const V value = delta[j * stride + block];
                for (int k = 0; k < count; ++k) sums[k] += value * row[k * layer.n_out + j];
            }
            for (int k = 0; k < count; ++k) grad[(i + k) * stride + block] = sums[k];
        }
    }

    UNSTUCK_INLINE void products(const V* x, const V* delta, W* gradients, V* carry, std::int64_t at, bool first, bool last) const {
        in_fours(layer.n_out, [&](auto count, std::int64_t j) {
            some_products<count.value>(x, delta + j * stride, gradients, carry, at + j, first, last);
        });
    }

    template <int count>
    UNSTUCK_INLINE void some_products(const V* x, const V* delta, W* gradients, V* carry, std::int64_t at, bool first, bool last) const {
        V sums[count];
        std::int64_t block = 0;
        if (first) {
            for (int k = 0; k < count; ++k) sums[k] = x == nullptr ? delta[k * stride] : V(x[0] * delta[k * stride]);
            block = 1;
        } else {
            for (int k = 0; k < count; ++k) sums[k] = carry[at + k];
        }
        for (; block < blocks; ++block)
            for (int k = 0; k < count; ++k) sums[k] += x == nullptr ? delta[k * stride + block] : V(x[block] * delta[k * stride + block]);
        if (last) {
            for (int k = 0; k < count; ++k) gradients[at + k] = sum_of_lanes(sums[k]);
        } else {
            for (int k = 0; k < count; ++k) carry[at + k] = sums[k];
        }
    }
};

// a = activation(z) for all units.
template <class V>
[[gnu::noinline]] void activate_all(const Layer& layer, const V* z, V* a, std::int64_t blocks, std::int64_t stride) {
    if (layer.activation == Activation::softmax) {
        for (std::int64_t block = 0; block < blocks; ++block) softmax(z + block, a + block, layer.n_out, stride);
        return;
    }
    with_activation(layer.activation, [&](auto kind) {
        for (std::int64_t j = 0; j < layer.n_out; ++j)
            for (std::int64_t at = j * stride; at < j * stride + blocks; ++at) a[at] = activate<kind.value, V>(z[at], Scalar<V>(layer.setting));
    });
}

// dJ/dz in the place of dJ/da for all units.
template <class V>
[[gnu::noinline]] void deactivate_all(const Layer& layer, const V* z, const V* a, V* grad, std::int64_t blocks, std::int64_t stride) {
    if (layer.activation == Activation::softmax) {
        for (std::int64_t block = 0; block < blocks; ++block) unsoftmax(a + block, grad + block, layer.n_out, stride);
        return;
    }
    with_activation(layer.activation, [&](auto kind) {
        for (std::int64_t j = 0; j < layer.n_out; ++j)
            for (std::int64_t at = j * stride; at < j * stride + blocks; ++at)
                grad[at] = deactivate<kind.value, V>(z[at], a[at], grad[at], Scalar<V>(layer.setting));
    });
}

}  // namespace unstuck::UNSTUCK_ISA
