using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using StableDiffCoder.Engine.Kernels;

namespace StableDiffCoder.Benchmarks;

/// <summary>One product of few tokens on one thread, with a weight that fits the caches: arithmetic alone.</summary>
public unsafe class KernelBenchmarks : IDisposable
{
    private const int Rows = 256;
    private const int Columns = 1024;
    private const int MostTokens = 8;

    private byte* codes;
    private float* scales;
    private float* activations;
    private float* prepared;
    private float* results;
    private WeightMatrix weight;
    private ILinearKernel kernel = null!;

    [Params(4, MostTokens)]
    public int Tokens { get; set; }

    [ParamsAllValues]
    public WeightFormat Format { get; set; }

    [GlobalSetup]
    public void Load()
    {
        kernel = LinearKernels.Best;
        codes = (byte*)Allocate(Rows * Columns * sizeof(float));
        scales = (float*)Allocate(Rows * Columns * sizeof(float));
        activations = (float*)Allocate(MostTokens * Columns * sizeof(float));
        prepared = (float*)Allocate(MostTokens * Columns * sizeof(float));
        results = (float*)Allocate(MostTokens * Rows * sizeof(float));
        weight = new WeightMatrix(codes, Rows, Columns, Format, scales);
        kernel.Prepare(Format, activations, Tokens, Columns, prepared);
    }

    [Benchmark]
    public float Multiply()
    {
        kernel.Multiply(weight, 0, Rows, prepared, Tokens, results, Rows, accumulate: false);
        return results[0];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (nint memory in (nint[])[(nint)codes, (nint)scales, (nint)activations, (nint)prepared, (nint)results])
        {
            NativeMemory.AlignedFree((void*)memory);
        }
        GC.SuppressFinalize(this);
    }

    private static void* Allocate(int bytes)
    {
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, 64);
        new Span<byte>(memory, bytes).Clear();
        return memory;
    }
}
