using System.Text.Json.Serialization;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Hosting;

namespace StableDiffCoder.Lsp.Settings;

/// <summary>How the sections of the settings are spelled.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict
)]
[JsonSerializable(typeof(InlineCompletionOptions))]
[JsonSerializable(typeof(EditingOptions))]
[JsonSerializable(typeof(ModelOptions))]
[JsonSerializable(typeof(ActivationOptions))]
[JsonSerializable(typeof(FillOptions))]
[JsonSerializable(typeof(ContextOptions))]
[JsonSerializable(typeof(ExclusionOptions))]
[JsonSerializable(typeof(LogOptions))]
[JsonSerializable(typeof(StatisticsOptions))]
internal sealed partial class SettingsJson : JsonSerializerContext;
