// Rows put side by side in packs.
#pragma once

#include "passes.hpp"

namespace unstuck::UNSTUCK_ISA {

// Puts batches of rows side by side, tile after tile. A batch of all rows is put so once and kept.
template <class T, int L>
class Tiles {
public:
    using V = typename Lanes<T, L>::type;

    Tiles(const Network& net, const Rows<T>& rows)
        : rows_(rows), n_in_(net.layers[0].n_in), n_out_(net.layers[net.n_layers - 1].n_out), all_(blocks_of(rows.batch)) {
        stride_ = most_blocks(net) < all_ ? most_blocks(net) : all_;
        tiles_ = (all_ + stride_ - 1) / stride_;
        const bool is_full = rows.batch == rows.count;
        kept_ = is_full ? tiles_ : 1;
        if constexpr (L > 1) {
            inputs_ = Buffer<V>(kept_ * n_in_ * stride_);
            targets_ = Buffer<V>(kept_ * n_out_ * stride_);
        }
        shares_ = Buffer<V>(kept_ * stride_);
        if (is_full)
            for (std::int64_t number = 0; number < tiles_; ++number) fill(number, number, nullptr, 0, rows.count);
    }

    std::int64_t stride() const { return stride_; }
    std::int64_t tiles(std::int64_t count) const { return (blocks_of(count) + stride_ - 1) / stride_; }

    // The tile `number` of the batch of `count` rows that begins at `begin` in `order` (nullptr: the rows as they are).
    Tile<V> get(std::int64_t number, const std::int64_t* order, std::int64_t begin, std::int64_t count) {
        const std::int64_t left = blocks_of(count) - number * stride_;
        const std::int64_t blocks = left < stride_ ? left : stride_;
        if constexpr (L == 1) {
            if (stride_ == 1) {
                const std::int64_t row = order == nullptr ? begin : order[begin];
                shares_[0] = rows_.weights == nullptr ? T(1) : rows_.weights[row];
                return {rows_.inputs + row * n_in_, rows_.targets + row * n_out_, shares_.get(), 1, 1};
            }
        }
        const std::int64_t place = rows_.batch == rows_.count ? number : 0;
        if (rows_.batch != rows_.count) fill(number, 0, order, begin, count);
        return {inputs_.get() + place * n_in_ * stride_, targets_.get() + place * n_out_ * stride_, shares_.get() + place * stride_, blocks, stride_};
    }

private:
    static std::int64_t blocks_of(std::int64_t count) { return (count + L - 1) / L; }

    // As many packs as leave room in the second-level cache for all values of a tile.
    static std::int64_t most_blocks(const Network& net) {
        constexpr std::int64_t room = 256 * 1024;
        std::int64_t values = net.layers[0].n_in;
        for (std::int64_t l = 0; l < net.n_layers; ++l) values += 3 * net.layers[l].n_out;
        const std::int64_t fitting = room / (values * std::int64_t(sizeof(V)));
        return fitting < 1 ? 1 : fitting;
    }

    void fill(std::int64_t number, std::int64_t place, const std::int64_t* order, std::int64_t begin, std::int64_t count) {
        if constexpr (L > 1) {
            T* const inputs = reinterpret_cast<T*>(inputs_.get() + place * n_in_ * stride_);
            T* const targets = reinterpret_cast<T*>(targets_.get() + place * n_out_ * stride_);
            T* const shares = reinterpret_cast<T*>(shares_.get() + place * stride_);
            const std::int64_t apart = stride_ * L, from = number * apart;
            const std::int64_t filled = ((count - from < apart ? count - from : apart) + L - 1) / L * L;
            for (std::int64_t k = 0; k < filled; ++k) {
                const bool is_there = from + k < count;
                const std::int64_t at = begin + (is_there ? from + k : 0), row = order == nullptr ? at : order[at];
                for (std::int64_t i = 0; i < n_in_; ++i) inputs[i * apart + k] = rows_.inputs[row * n_in_ + i];
                for (std::int64_t j = 0; j < n_out_; ++j) targets[j * apart + k] = rows_.targets[row * n_out_ + j];
                shares[k] = !is_there ? T(0) : (rows_.weights == nullptr ? T(1) : rows_.weights[row]) / T(count);
            }
        }
    }

    const Rows<T> rows_;
    std::int64_t n_in_, n_out_, all_, stride_ = 1, tiles_ = 1, kept_ = 1;
    Buffer<V> inputs_, targets_, shares_;
};

}  // namespace unstuck::UNSTUCK_ISA
