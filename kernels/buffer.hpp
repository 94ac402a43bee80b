// Memory for numbers that vectors can be loaded from.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace unstuck::UNSTUCK_ISA {

// `count` numbers or packs, set to 0. The standard containers would be shared between the instruction sets.
template <class V>
class Buffer {
public:
    Buffer() = default;
    explicit Buffer(std::size_t count) : count_(count) {
        if (count == 0) return;
        const std::size_t size = (count * sizeof(V) + alignment - 1) / alignment * alignment;
#if defined(_WIN32)
        memory_ = static_cast<V*>(_aligned_malloc(size, alignment));
#else
        memory_ = static_cast<V*>(std::aligned_alloc(alignment, size));
#endif
        if (memory_ == nullptr) throw std::bad_alloc();
        __builtin_memset(static_cast<void*>(memory_), 0, size);
    }
    Buffer(const Buffer&) = delete;
    Buffer(Buffer&& other) noexcept : memory_(other.memory_), count_(other.count_) { other.memory_ = nullptr; }
    Buffer& operator=(Buffer&& other) noexcept {
        V* const memory = other.memory_;
        const std::size_t count = other.count_;
        other.memory_ = memory_;
        other.count_ = count_;
        memory_ = memory;
        count_ = count;
        return *this;
    }
    ~Buffer() {
#if defined(_WIN32)
        _aligned_free(memory_);
#else
        std::free(memory_);
#endif
    }
    V* get() const { return memory_; }
    V& operator[](std::size_t index) const { return memory_[index]; }
    std::size_t size() const { return count_; }

private:
    static constexpr std::size_t alignment = 64;
    V* memory_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace unstuck::UNSTUCK_ISA
