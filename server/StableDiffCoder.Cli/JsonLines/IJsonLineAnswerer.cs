using System.Text.Json;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>Answers one input line after another; holds what all of them need.</summary>
internal interface IJsonLineAnswerer : IAsyncDisposable
{
    /// <summary>Answers one line.</summary>
    /// <param name="request">The fields of the line.</param>
    /// <param name="answer">Stands inside an object: write properties only.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="InvalidInputException">The line is wrong.</exception>
    /// <exception cref="ArgumentException">The line is wrong.</exception>
    Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken);
}
