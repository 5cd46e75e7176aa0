namespace StableDiffCoder.Lsp.Hosting;

/// <summary>Which model is loaded, and how it behaves on a machine that others use too. The one source of these defaults.</summary>
public sealed record ModelOptions
{
    /// <value>The model folder; null is the one that the server was started with. Default null.</value>
    public string? Path { get; init; }

    /// <value>"cpu", "cuda" or "cuda:N". Default "cpu".</value>
    public string Device { get; init; } = "cpu";

    /// <value>"float32", "bfloat16", "int8" or "int4"; null chooses by the model and the processor. Default null.</value>
    public string? DataType { get; init; }

    /// <value>Most threads of the processor, 1 to 1024; null leaves one core to the others. Default null.</value>
    public int? Threads { get; init; }

    /// <value>Whether the model's threads run with a lower priority than the editor's. Default true.</value>
    public bool LowPriority { get; init; } = true;

    /// <value>Memory in MiB for what prompts share, 0 to 1,048,576; 0 keeps nothing between requests. Default 512.</value>
    public int PrefixCacheMegabytes { get; init; } = 512;

    /// <value>Whether a model that needs more memory than is free is refused. Default true.</value>
    public bool CheckMemory { get; init; } = true;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(Path is null || !string.IsNullOrWhiteSpace(Path), "path is blank; name a folder, or leave it out");
        bool isDevice =
            Device is "cpu" or "cuda" || Device.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(Device[5..], out _);
        Require(isDevice, $"device is \"{Device}\"; use \"cpu\", \"cuda\" or \"cuda:N\"");
        Require(
            DataType is null or "float32" or "bfloat16" or "int8" or "int4",
            $"dataType is \"{DataType}\"; use \"float32\", \"bfloat16\", \"int8\" or \"int4\", or leave it out"
        );
        Require(Threads is null or (>= 1 and <= 1024), $"threads is {Threads}; use 1 to 1024, or leave it out");
        Require(PrefixCacheMegabytes is >= 0 and <= 1 << 20, $"prefixCacheMegabytes is {PrefixCacheMegabytes}; use 0 to {1 << 20}");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
