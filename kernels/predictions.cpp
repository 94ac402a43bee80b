// Prediction, as Python sees it.
#include "binding.hpp"
#include "denormals.hpp"

#include <memory>

namespace unstuck {
namespace {

// Keeps the parameters alive; what they hold when it is asked is what counts. It may be asked by several threads at once.
template <class T>
class Predictor {
public:
    Predictor(const std::vector<LayerTuple>& layers, ReadArray<T> parameters, std::uint64_t gemm, bool wide, const std::string& isa)
        : layers_(to_layers(layers)), parameters_(parameters), blas_{reinterpret_cast<void*>(std::uintptr_t(gemm)), wide}, offers_(chosen(isa).template offers<T>()),
          net_{layers_.data(), std::int64_t(layers_.size()), std::int64_t(parameters.size()), {}} {}

    // Returns the outputs, or None for what is no array of finite numbers of this type, row after row, with as many columns as there are inputs.
    nb::object predict(nb::handle given, int threads) const {
        using Rows = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
        Rows inputs;
        if (!nb::try_cast(given, inputs, false) || std::int64_t(inputs.shape(1)) != layers_.front().n_in || inputs.shape(0) == 0) return nb::none();
        const std::size_t rows = inputs.shape(0), n_out(layers_.back().n_out);
        std::unique_ptr<T[]> outputs(new T[rows * n_out]);
        bool are_finite = false;
        {
            nb::gil_scoped_release released;
            const WithoutDenormals flushed;
            are_finite = offers_.predict(net_, parameters_.data(), blas_, inputs.data(), std::int64_t(rows), outputs.get(), threads);
        }
        if (!are_finite) return nb::none();
        nb::capsule owner(outputs.get(), [](void* kept) noexcept { delete[] static_cast<T*>(kept); });
        const T* const data = outputs.release();
        return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<2>>(const_cast<T*>(data), {rows, n_out}, owner));
    }

private:
    std::vector<Layer> layers_;
    ReadArray<T> parameters_;
    Blas blas_;
    const Offers<T>& offers_;
    Network net_;
};

}  // namespace

template <class T>
void bind_predictor(nb::module_& m, const char* name) {
    nb::class_<Predictor<T>>(m, name)
        .def(nb::init<const std::vector<LayerTuple>&, ReadArray<T>, std::uint64_t, bool, const std::string&>(), "layers"_a, "parameters"_a.noconvert(), nb::kw_only(),
             "gemm"_a = 0, "wide"_a = true, "isa"_a = "")
        .def("predict", &Predictor<T>::predict, "inputs"_a, "threads"_a = 1);
}

template void bind_predictor<float>(nb::module_&, const char*);
template void bind_predictor<double>(nb::module_&, const char*);

}  // namespace unstuck
