namespace StableDiffCoder.Training.Evaluation.HumanEval;

/// <summary>How generated programs are run. The one source of these defaults.</summary>
public sealed record ProgramOptions
{
    /// <value>What runs them. Default python3.</value>
    public string Interpreter { get; init; } = "python3";

    /// <value>Its arguments before the file. Default -I: no environment, no user's packages.</value>
    public IReadOnlyList<string> Arguments { get; init; } = ["-I"];

    /// <value>Seconds of a program, by the clock and of the processor. Default 10.</value>
    public int Seconds { get; init; } = 10;

    /// <value>Memory of a program in MiB. Default 1024.</value>
    public int Megabytes { get; init; } = 1024;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option and what is allowed.</exception>
    public void Validate()
    {
        if (Seconds is < 1 or > 600)
        {
            throw new ArgumentException($"seconds is {Seconds}; use 1 to 600");
        }
        if (Megabytes is < 16 or > 65536)
        {
            throw new ArgumentException($"megabytes is {Megabytes}; use 16 to 65536");
        }
        if (!OperatingSystem.IsLinux())
        {
            throw new ArgumentException(
                "generated code is run on Linux only, where its time and memory can be limited; leave --run-code out"
            );
        }
    }
}
