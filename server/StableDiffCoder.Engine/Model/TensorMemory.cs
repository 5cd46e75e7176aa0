using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StableDiffCoder.Engine.Kernels;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>Where a tensor's elements are.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Memory for a weight, on the CPU in large pages where the system has them.</summary>
    /// <returns>Uninitialised, of the given shape, in the caller's scope.</returns>
    public static Tensor Allocate(long[] shape, ScalarType type, Device? device)
    {
        Tensor tensor = empty(shape, dtype: type, device: device);
        if (tensor.device_type == TorchSharp.DeviceType.CPU)
        {
            HugePages.Request(Of(tensor), tensor.numel() * tensor.element_size());
        }
        return tensor;
    }

    /// <summary>Address of the first element of a contiguous tensor on the CPU. The caller keeps the tensor alive.</summary>
    public static nint Of(Tensor tensor)
    {
        if (tensor.device_type != TorchSharp.DeviceType.CPU || !tensor.is_contiguous())
        {
            throw new ArgumentException("The kernels read contiguous tensors in the CPU's memory.", nameof(tensor));
        }
        if (tensor.numel() == 0)
        {
            return 0;
        }
        // One element's bytes: a span over all of them is limited to 2 GiB.
        using Tensor flat = tensor.detach().view(-1);
        using Tensor first = flat.narrow(0, 0, 1);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
