using System.Text.Json;
using System.Threading.Channels;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>
/// Shows a client the canvas of its request, one message a forward. What a span once showed of its text is not masked again: while it is
/// denoised another time (a second look, another candidate), it shows its earlier text until the new one has no more masks than that.
/// </summary>
internal sealed class CanvasStream : IProgress<InfillCanvas>, IAsyncDisposable
{
    private readonly Channel<CanvasValue> values = Channel.CreateUnbounded<CanvasValue>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly Func<InfillCanvas, IReadOnlyList<CanvasSpan>> view;
    private readonly Task sending;
    private (CanvasSpan Span, TextRange? Range)[] shown = [];
    private TextRange? range;
    private int stepsBefore;
    private int lastStep;

    private CanvasStream(JsonElement token, LspRpc rpc, Func<InfillCanvas, IReadOnlyList<CanvasSpan>> view)
    {
        this.view = view;
        sending = SendAsync(token, rpc);
    }

    /// <summary>Opens a stream.</summary>
    /// <param name="token">The request's canvasToken.</param>
    /// <param name="rpc">Where it goes.</param>
    /// <param name="view">What is shown of the engine's canvas: one for each span, in the request's order.</param>
    /// <returns>Null when the client did not ask for one.</returns>
    /// <exception cref="LspException">The token is neither a string nor an integer (−32602).</exception>
    public static CanvasStream? Open(JsonElement? token, LspRpc rpc, Func<InfillCanvas, IReadOnlyList<CanvasSpan>> view)
    {
        if (token is not JsonElement given)
        {
            return null;
        }
        bool isToken = given.ValueKind == JsonValueKind.String || (given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out _));
        return isToken
            ? new CanvasStream(given, rpc, view)
            : throw new LspException(LspErrorCodes.InvalidParams, "canvasToken must be a string or an integer");
    }

    /// <summary>What is reported from now on is of another generation for the same request.</summary>
    /// <param name="next">What its text stands for; null for the requested range.</param>
    public CanvasStream Restarted(TextRange? next = null)
    {
        stepsBefore = lastStep;
        range = next;
        return this;
    }

    /// <inheritdoc/>
    public void Report(InfillCanvas value)
    {
        IReadOnlyList<CanvasSpan> next = view(value);
        if (shown.Length != next.Count)
        {
            shown = [.. next.Select(span => (span, range))];
        }
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = Masks(next[i]) <= Masks(shown[i].Span) ? (next[i], range) : shown[i];
        }
        lastStep = stepsBefore + value.Step;
        CanvasValueSpan[] spans =
        [
            .. shown.Select(span => new CanvasValueSpan
            {
                Text = span.Span.Text,
                Masked = [.. span.Span.Masked.Select(mask => new[] { mask.Start, mask.End })],
                Confidence = span.Span.Confidence,
                Range = span.Range,
            }),
        ];
        values.Writer.TryWrite(new CanvasValue { Step = lastStep, Spans = spans });
    }

    /// <summary>Ends when the last canvas is on its way, so that none comes behind the answer.</summary>
    public async ValueTask DisposeAsync()
    {
        values.Writer.TryComplete();
        await sending;
    }

    private static int Masks(CanvasSpan span) => span.Masked.Sum(mask => mask.Length);

    private async Task SendAsync(JsonElement token, LspRpc rpc)
    {
        await foreach (CanvasValue value in values.Reader.ReadAllAsync())
        {
            var parameters = new CanvasProgressParams { Token = token, Value = value };
            await rpc.TryNotifyAsync(LspMethods.Progress, parameters, LspJson.Default.CanvasProgressParams);
        }
    }
}
