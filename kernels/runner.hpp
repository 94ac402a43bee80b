// What Python holds of a training, and the table of what each instruction set offers.
#pragma once

#include "products.hpp"
#include "specification.hpp"

namespace unstuck {

class Runner {
public:
    virtual ~Runner();
    // Run up to `epochs` epochs, write the loss of each, and return how many there were.
    virtual std::int64_t run(std::int64_t epochs, double rate_factor, const Until& until, Progress& progress, double* losses) = 0;
};

// Trains many networks.
class Many {
public:
    virtual ~Many();
    // Go on for about so many seconds, on up to so many threads; return whether all is done.
    virtual bool run(double seconds, int threads) = 0;
    // Hand back all networks as they are now; there is no going on.
    virtual void stop() = 0;
};

// The functions of one variable, for tests.
enum class Function : int { exp, exp_of_minus, expm1_below_zero, log, log1p_of_share, tanh, logistic, softplus };

template <class T>
struct Offers {
    Runner* (*small)(const Training<T>&);
    Runner* (*medium)(const Training<T>&, Blas, int threads);
    Many* (*many)(const ManyNetworks<T>&);
    // Write the outputs for rows of inputs; false where one of these is not a finite number.
    bool (*predict)(const Network&, const T* parameters, Blas, const T* inputs, std::int64_t rows, T* outputs, int threads);
    void (*evaluate)(Function, const T* x, T* y, std::int64_t count);
};

struct Kernels {
    const char* name;
    const Offers<float>& of_float;
    const Offers<double>& of_double;
    template <class T>
    const Offers<T>& offers() const {
        if constexpr (sizeof(T) == sizeof(float)) return of_float;
        else return of_double;
    }
};

// The kernels called `name`, or, for an empty name, the best that this machine runs; nullptr where it does not.
const Kernels* kernels(const char* name);

}  // namespace unstuck
