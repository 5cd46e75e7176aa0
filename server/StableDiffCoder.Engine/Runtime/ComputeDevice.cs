using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>The device that runs a model, and the element type that suits it.</summary>
public sealed record ComputeDevice
{
    // 64 MB in float32. Up to there half the bytes buy little, and full precision is free.
    private const long LargestFloat32Model = 16_000_000;

    private ComputeDevice(string name, Device device)
    {
        Name = name;
        Device = device;
    }

    /// <summary>"cpu" or "cuda:0".</summary>
    public string Name { get; }

    /// <summary>libtorch's handle.</summary>
    public Device Device { get; }

    /// <summary>
    /// Whether bfloat16 matrix products run in hardware here. Measured with libtorch 2.10 on two cores of an AVX512-BF16 CPU, 2048 × 2048
    /// weights: a product of 128 rows takes a third of float32's time with the instructions, 0.8 to 1.2 times with oneDNN kept to plain
    /// AVX-512, and 2.4 times with AVX2; a product of 4 rows, bound by memory, is no slower than float32 in any of the three.
    /// </summary>
    public bool HasNativeBfloat16 => Device.type == DeviceType.CUDA || CpuHasBfloat16Products();

    /// <summary>Finds a device. libtorch must be loaded (<see cref="TorchRuntime.EnsureLoaded"/>).</summary>
    /// <param name="name">"cpu", "cuda" (the first one) or "cuda:N".</param>
    /// <exception cref="ArgumentException">The name is not one of these, or this libtorch sees no such device.</exception>
    public static ComputeDevice Parse(string name)
    {
        if (name == "cpu")
        {
            return new ComputeDevice(name, CPU);
        }
        int index = 0;
        if (
            name != "cuda"
            && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out index) && index >= 0)
        )
        {
            throw new ArgumentException($"device is \"{name}\"; use \"cpu\", \"cuda\" or \"cuda:N\"");
        }
        if (!cuda.is_available() || index >= cuda.device_count())
        {
            int seen = cuda.is_available() ? cuda.device_count() : 0;
            throw new ArgumentException(
                $"device \"{name}\" is not there: libtorch sees {seen} CUDA devices. Use \"cpu\", or name a CUDA build of libtorch by "
                    + $"--libtorch or {TorchRuntime.EnvironmentVariable}."
            );
        }
        return new ComputeDevice($"cuda:{index}", torch.device(DeviceType.CUDA, index));
    }

    /// <summary>The element type of a name.</summary>
    /// <param name="name">
    /// "float32", "bfloat16", or null, "int8" and "int4" alike: bfloat16 where <see cref="HasNativeBfloat16"/> and the model is too large for a CPU's caches, else float32.
    /// </param>
    /// <param name="parameters">Weights of the model.</param>
    /// <exception cref="ArgumentException">Another name.</exception>
    public ScalarType DataType(string? name, long parameters) =>
        name switch
        {
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            // The type of what has no few bits: embeddings, gains, the activations of prompts.
            null or "int8" or "int4" => HasNativeBfloat16 && parameters > LargestFloat32Model ? ScalarType.BFloat16 : ScalarType.Float32,
            _ => throw new ArgumentException($"dtype is \"{name}\"; use \"float32\", \"bfloat16\", \"int8\" or \"int4\", or leave it out"),
        };

    /// <summary>Bytes of one weight on the CPU at most, chosen as <see cref="DataType"/> does; needs no libtorch.</summary>
    internal static int BytesOnCpu(string? name, long parameters) =>
        name is "int8" or "int4" ? 1
        : name == "bfloat16" || (name is null && parameters > LargestFloat32Model && CpuHasBfloat16Products()) ? 2
        : 4;

    /// <summary>The name of an element type, as in <see cref="DataType"/>.</summary>
    public static string NameOf(ScalarType type) => type == ScalarType.BFloat16 ? "bfloat16" : "float32";

    // AVX512_BF16: leaf 7, subleaf 1, EAX bit 5 (Intel SDM vol. 2A, CPUID; AMD APM vol. 3 appendix E). Every CPU with AMX-BF16 has it too.
    // AVX-512 itself is asked of the runtime, which knows whether the operating system saves its registers.
    private static bool CpuHasBfloat16Products()
    {
        if (!X86Base.IsSupported || !Avx512F.IsSupported || X86Base.CpuId(0, 0).Eax < 7 || X86Base.CpuId(7, 0).Eax < 1)
        {
            return false;
        }
        return (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
    }
}
