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
        if constexpr (is_one_sample) row_forward(x, z);
        else in_fours(layer.n_out, [&](auto count, std::int64_t j) { units<count.value>(x, z, j); });
    }

    // dJ/dx = delta W^T
    UNSTUCK_INLINE void backward(const V* delta, V* grad) const {
        in_fours(layer.n_in, [&](auto count, std::int64_t i) { inputs<count.value>(delta, grad, i); });
    }

    // dJ/dW = x^T delta and dJ/db = sum of delta. Sums over lanes are kept in `carry` from tile to tile until the `last`.
    UNSTUCK_INLINE void gradient(const V* x, const V* delta, W* gradients, V* carry, bool first, bool last) const {
        if constexpr (is_one_sample) return row_gradient(x, delta, gradients);
        else if (first && last) tile_gradient<true>(x, delta, gradients, carry, true, true);
        else tile_gradient<false>(x, delta, gradients, carry, first, last);
    }

private:
    // One sample is a number for each unit, one beside the other.
    static constexpr bool is_one_sample = Traits<V>::lanes == 1;

    UNSTUCK_INLINE void row_forward(const V* x, V* z) const {
        in_packs<W>(layer.n_out, [&](auto like, std::int64_t j) {
            using P = decltype(like);
            P sums = load<P>(weights + j) * x[0];
            for (std::int64_t i = 1; i < layer.n_in; ++i) sums += load<P>(weights + i * layer.n_out + j) * x[i];
            if (biases != nullptr) sums += load<P>(biases + j);
            store<P>(z + j, sums);
        });
    }

    UNSTUCK_INLINE void row_gradient(const V* x, const V* delta, W* gradients) const {
        in_packs<W>(layer.n_out, [&](auto like, std::int64_t j) {
            using P = decltype(like);
            const P slopes = load<P>(delta + j);
            W* const to = gradients + layer.weights + j;
            for (std::int64_t i = 0; i < layer.n_in; ++i) store<P>(to + i * layer.n_out, slopes * x[i]);
            if (biases != nullptr) store<P>(gradients + layer.biases + j, slopes);
        });
    }

    template <int count>
    UNSTUCK_INLINE void units(const V* x, V* z, std::int64_t j) const {
        for (std::int64_t block = 0; block < blocks; ++block) {
            V sums[count];
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) sums[k] = x[block] * weights[j + k];
            const W* row = weights + layer.n_out + j;
            for (std::int64_t i = 1; i < layer.n_in; ++i, row += layer.n_out) {
                const V value = x[i * stride + block];
                UNSTUCK_UNROLL
                for (int k = 0; k < count; ++k) sums[k] += value * row[k];
            }
            if (biases != nullptr) {
                UNSTUCK_UNROLL
                for (int k = 0; k < count; ++k) sums[k] += biases[j + k];
            }
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) z[(j + k) * stride + block] = sums[k];
        }
    }

    template <int count>
    UNSTUCK_INLINE void inputs(const V* delta, V* grad, std::int64_t i) const {
        const W* row = weights + i * layer.n_out;
        for (std::int64_t block = 0; block < blocks; ++block) {
            V sums[count];
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) sums[k] = delta[block] * row[k * layer.n_out];
            for (std::int64_t j = 1; j < layer.n_out; ++j) {
                const V value = delta[j * stride + block];
                UNSTUCK_UNROLL
                for (int k = 0; k < count; ++k) sums[k] += value * row[k * layer.n_out + j];
            }
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) grad[(i + k) * stride + block] = sums[k];
        }
    }

    template <bool is_whole>
    UNSTUCK_INLINE void tile_gradient(const V* x, const V* delta, W* gradients, V* carry, bool first, bool last) const {
        in_fours(layer.n_out, [&](auto count, std::int64_t j) {
            for (std::int64_t i = 0; i < layer.n_in; ++i)
                sum_products<count.value, is_whole, false>(x + i * stride, delta + j * stride, gradients, carry, layer.weights + i * layer.n_out + j, first, last);
            if (biases != nullptr) sum_products<count.value, is_whole, true>(nullptr, delta + j * stride, gradients, carry, layer.biases + j, first, last);
        });
    }

    // The tile is the whole batch, or the sums go on from tile to tile.
    template <int count, bool is_whole, bool is_bias>
    UNSTUCK_INLINE void sum_products(const V* x, const V* delta, W* gradients, V* carry, std::int64_t at, bool first, bool last) const {
        const auto product = [&](int k, std::int64_t block) {
            if constexpr (is_bias) return delta[k * stride + block];
            else return V(x[block] * delta[k * stride + block]);
        };
        V sums[count];
        if (is_whole || first) {
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) sums[k] = product(k, 0);
        } else {
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) sums[k] = carry[at + k] + product(k, 0);
        }
        for (std::int64_t block = 1; block < blocks; ++block) {
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) sums[k] += product(k, block);
        }
        if (is_whole || last) {
            UNSTUCK_UNROLL
            for (int k = 0; k < count; ++k) gradients[at + k] = sum_of_lanes(sums[k]);
        } else {
            UNSTUCK_UNROLL
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
