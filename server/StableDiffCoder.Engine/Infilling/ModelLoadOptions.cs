namespace StableDiffCoder.Engine.Infilling;

/// <summary>How a model is loaded. The one source of these defaults.</summary>
public sealed record ModelLoadOptions
{
    /// <value>
    /// "float32" or "bfloat16"; null is bfloat16 where the device multiplies it in hardware (CUDA, CPUs with AVX512-BF16 or AMX) and the model
    /// has more than 16 million weights, else float32: exact, and without the instructions the faster reader, for twice the memory. "int8" and
    /// "int4" round the weights of linear maps while they are loaded (CPU only); a folder that was stored so is loaded so. Default null.
    /// </value>
    public string? DataType { get; init; }

    /// <value>"cpu", "cuda" or "cuda:N". Default "cpu".</value>
    public string Device { get; init; } = "cpu";

    /// <value>Threads of one operator on the CPU; null leaves libtorch's choice, one a core. Default null.</value>
    public int? Threads { get; init; }

    /// <value>Whether the model's threads give way to those of other programs. Default false.</value>
    public bool LowPriority { get; init; }

    /// <value>
    /// Memory in MiB for what prompts share with later ones (keys and values of finished blocks), beside that of the request at work; 0 keeps
    /// nothing between requests. Default 512.
    /// </value>
    public int PrefixCacheMegabytes { get; init; } = 512;

    /// <value>A folder with libtorch's libraries; null looks in the usual places. Default null.</value>
    public string? LibtorchDirectory { get; init; }

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (DataType is not (null or "float32" or "bfloat16" or "int8" or "int4"))
        {
            throw new ArgumentException($"dtype is \"{DataType}\"; use \"float32\", \"bfloat16\", \"int8\" or \"int4\", or leave it out");
        }
        if (Threads is < 1 or > 1024)
        {
            throw new ArgumentException($"threads is {Threads}; use 1 to 1024, or leave it out");
        }
        if (PrefixCacheMegabytes < 0)
        {
            throw new ArgumentException($"prefixCacheMegabytes is {PrefixCacheMegabytes}; use 0 or more");
        }
    }
}
