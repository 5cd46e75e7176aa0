using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>The kernels that this CPU can run.</summary>
public static class LinearKernels
{
    /// <summary>Every kernel that runs here, the fastest first; the scalar one always does.</summary>
    public static IReadOnlyList<ILinearKernel> Supported { get; } =
    [.. Vector512Kernel.IsSupported ? [new Vector512Kernel()] : Array.Empty<ILinearKernel>(), new Vector256Kernel(), new ScalarKernel()];

    /// <summary>The fastest one.</summary>
    /// <remarks>Without vectors in hardware the 256-bit kernel would run in software, several times slower than plain loops.</remarks>
    public static ILinearKernel Best { get; } =
        Vector512Kernel.IsSupported ? Supported[0]
        : Vector128.IsHardwareAccelerated ? new Vector256Kernel()
        : new ScalarKernel();

    /// <summary>A kernel's instruction set, as a person names it.</summary>
    internal static string VectorName =>
        Avx2.IsSupported ? "AVX2"
        : System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? "AdvSimd"
        : "256-bit vectors";
}
