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
    private readonly Func<CanvasSpan, CanvasSpan> view;
    private readonly int[]? order;
    private readonly Task sending;
    private (CanvasSpan Span, TextRange? Range)[] shown = [];
    private TextRange? range;
    private int stepsBefore;
    private int lastStep;

    private CanvasStream(JsonElement token, LspRpc rpc, Func<CanvasSpan, CanvasSpan> view, int[]? order)
    {
        this.view = view;
        this.order = order;
        sending = SendAsync(token, rpc);
    }

    /// <summary>Opens a stream.</summary>
    /// <param name="token">The request's canvasToken.</param>
    /// <param name="rpc">Where it goes.</param>
    /// <param name="view">What is shown of the engine's span; null shows it as it is.</param>
    /// <param name="order">Index in the request of each of the engine's spans; null when the order is the same.</param>
    /// <returns>Null when the client did not ask for one.</returns>
    /// <exception cref="LspException">The token is neither a string nor an integer (−32602).</exception>
    public static CanvasStream? Open(JsonElement? token, LspRpc rpc, Func<CanvasSpan, CanvasSpan>? view = null, int[]? order = null)
    {
        if (token is not JsonElement given)
        {
            return null;
        }
        bool isToken = given.ValueKind == JsonValueKind.String || (given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out _));
        return isToken
            ? new CanvasStream(given, rpc, view ?? (span => span), order)
            : throw new LspException(LspErrorCodes.InvalidParams, "canvasToken must be a string or an integer");
    }

    /// <summary>What is reported from now on is of another generation for the same request.</summary>
    /// <param name="next">What its text stands for; null for the requested range.</param>
    public void Restart(TextRange? next)
    {
        stepsBefore = lastStep;
        range = next;
    }

    /// <inheritdoc/>
    public void Report(InfillCanvas value)
    {
        if (shown.Length != value.Spans.Count)
        {
            shown = [.. value.Spans.Select(span => (view(span), range))];
        }
        for (int i = 0; i < shown.Length; i++)
        {
            CanvasSpan next = view(value.Spans[i]);
            shown[i] = Masks(next) <= Masks(shown[i].Span) ? (next, range) : shown[i];
        }
        lastStep = stepsBefore + value.Step;
        var spans = new CanvasValueSpan[shown.Length];
        for (int i = 0; i < shown.Length; i++)
        {
            spans[order?[i] ?? i] = new CanvasValueSpan
            {
                Text = shown[i].Span.Text,
                Masked = [.. shown[i].Span.Masked.Select(mask => new[] { mask.Start, mask.End })],
                Confidence = shown[i].Span.Confidence,
                Range = shown[i].Range,
            };
        }
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
