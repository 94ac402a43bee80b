// The order of an epoch, the same that NumPy draws: Generator(Philox(key, counter)).permutation(n).
//
// Philox 4x64-10 is from Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011); the order is that of Fisher and Yates
// in Durstenfeld's form (1964), as NumPy draws it from 32 bits at a time.
#pragma once

#include <cstdint>

namespace unstuck::UNSTUCK_ISA {

class Philox {
public:
    Philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t epoch) : key_{seed, stream}, counter_{0, 0, 0, epoch} {}

    std::uint32_t next32() {
        if (has_half_) {
            has_half_ = false;
            return std::uint32_t(half_ >> 32);
        }
        half_ = next64();
        has_half_ = true;
        return std::uint32_t(half_);
    }

    // A number from 0 to `largest`: as many bits as that has, drawn until they do not exceed it.
    std::uint32_t up_to(std::uint32_t largest) {
        std::uint32_t mask = largest;
        for (int shift = 1; shift < 32; shift *= 2) mask |= mask >> shift;
        std::uint32_t value = next32() & mask;
        while (value > largest) value = next32() & mask;
        return value;
    }

private:
    std::uint64_t next64() {
        if (position_ < 4) return block_[position_++];
        for (int word = 0; word < 4 && ++counter_[word] == 0; ++word) {
        }
        encrypt();
        position_ = 1;
        return block_[0];
    }

    void encrypt() {
        std::uint64_t x[4] = {counter_[0], counter_[1], counter_[2], counter_[3]};
        std::uint64_t key[2] = {key_[0], key_[1]};
        for (int round = 0; round < 10; ++round) {
            const unsigned __int128 first = (unsigned __int128)0xD2E7470EE14C6C93u * x[0];
            const unsigned __int128 second = (unsigned __int128)0xCA5A826395121157u * x[2];
            const std::uint64_t mixed[4] = {std::uint64_t(second >> 64) ^ x[1] ^ key[0], std::uint64_t(second),
                                            std::uint64_t(first >> 64) ^ x[3] ^ key[1], std::uint64_t(first)};
            for (int word = 0; word < 4; ++word) x[word] = mixed[word];
            key[0] += 0x9E3779B97F4A7C15u;
            key[1] += 0xBB67AE8584CAA73Bu;
        }
        for (int word = 0; word < 4; ++word) block_[word] = x[word];
    }

    std::uint64_t key_[2], counter_[4], block_[4] = {};
    std::uint64_t half_ = 0;
    int position_ = 4;
    bool has_half_ = false;
};

// Write a permutation of 0 to count - 1.
inline void permute(std::int64_t* order, std::int64_t count, std::uint64_t seed, std::uint64_t stream, std::uint64_t epoch) {
    Philox random(seed, stream, epoch);
    for (std::int64_t i = 0; i < count; ++i) order[i] = i;
    for (std::int64_t i = count - 1; i > 0; --i) {
        const std::int64_t j = random.up_to(std::uint32_t(i));
        const std::int64_t kept = order[j];
        order[j] = order[i];
        order[i] = kept;
    }
}

}  // namespace unstuck::UNSTUCK_ISA
