using StableDiffCoder.Engine.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>The weight of a linear map in 8 or 4 bits. What reads its memory (<see cref="Matrix"/>, <see cref="Expand"/>) needs it on the CPU.</summary>
public sealed class QuantizedWeight : IDisposable
{
    /// <summary>What a scale tensor's name has behind its weight's.</summary>
    public const string ScaleSuffix = "_scale";

    private readonly WeightFormat format;

    /// <summary>Allocates a weight whose values are not yet set.</summary>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs; a multiple of 32 for 4 bits.</param>
    /// <param name="quantization">8 or 4 bits.</param>
    /// <param name="device">Where; the CPU by default.</param>
    /// <exception cref="NotSupportedException">4 bits, and the inputs are no multiple of 32.</exception>
    public QuantizedWeight(int rows, int columns, WeightQuantization quantization, Device? device = null)
    {
        Rows = rows;
        Columns = columns;
        Quantization = quantization;
        format = WeightQuantizations.FormatOf(quantization);
        if (format == WeightFormat.Int4 && columns % WeightMatrix.Int4Group != 0)
        {
            throw new NotSupportedException(
                $"int4 needs weights whose inputs are a multiple of {WeightMatrix.Int4Group}, and one has {columns}; use int8."
            );
        }
        (long[] codes, long[] scales) = Shapes(rows, columns, quantization);
        Codes = TensorMemory
            .Allocate(codes, format == WeightFormat.Int8 ? ScalarType.Int8 : ScalarType.Byte, device)
            .DetachFromDisposeScope();
        Scales = empty(scales, dtype: format == WeightFormat.Int8 ? ScalarType.Float32 : ScalarType.BFloat16, device: device)
            .DetachFromDisposeScope();
    }

    /// <summary>Outputs.</summary>
    public int Rows { get; }

    /// <summary>Inputs.</summary>
    public int Columns { get; }

    /// <summary>8 or 4 bits.</summary>
    public WeightQuantization Quantization { get; }

    /// <summary>int8 [rows, columns], or uint8 [rows, columns / 2].</summary>
    public Tensor Codes { get; }

    /// <summary>float32 [rows], or bfloat16 [rows, columns / 32].</summary>
    public Tensor Scales { get; }

    /// <summary>Memory of codes and scales.</summary>
    public long ByteLength => (Codes.numel() * Codes.element_size()) + (Scales.numel() * Scales.element_size());

    internal unsafe WeightMatrix Matrix => new((byte*)TensorMemory.Of(Codes), Rows, Columns, format, (void*)TensorMemory.Of(Scales));

    /// <summary>Shapes of codes and scales.</summary>
    public static (long[] Codes, long[] Scales) Shapes(long rows, long columns, WeightQuantization quantization) =>
        quantization == WeightQuantization.EightBits
            ? ([rows, columns], [rows])
            : ([rows, columns / 2], [rows, columns / WeightMatrix.Int4Group]);

    /// <summary>Rounds some rows, on all cores.</summary>
    /// <param name="firstRow">First of them.</param>
    /// <param name="rows">[n, columns] in a float type, contiguous, on the CPU.</param>
    public unsafe void SetRows(int firstRow, Tensor rows)
    {
        if (Codes.device_type != DeviceType.CPU)
        {
            // Rounded on the CPU all the same, so that every device holds the same codes.
            using var part = new QuantizedWeight((int)rows.shape[0], Columns, Quantization);
            part.SetRows(0, rows);
            using Tensor codes = Codes.narrow(0, firstRow, rows.shape[0]);
            using Tensor scales = Scales.narrow(0, firstRow, rows.shape[0]);
            codes.copy_(part.Codes);
            scales.copy_(part.Scales);
            return;
        }
        using Tensor wide = rows.to(ScalarType.Float32).contiguous();
        nint start = TensorMemory.Of(wide);
        WeightMatrix target = Matrix;
        Parallel.For(
            0,
            (int)rows.shape[0],
            row => WeightQuantizer.Round(new ReadOnlySpan<float>((float*)start + ((long)row * Columns), Columns), target, firstRow + row)
        );
    }

    /// <summary>The values that the weight stands for, on all cores.</summary>
    /// <param name="type">float32 or bfloat16.</param>
    /// <returns>[rows, columns], in the caller's scope.</returns>
    public unsafe Tensor Expand(ScalarType type)
    {
        Tensor expanded = empty(Rows, Columns, dtype: type);
        WeightMatrix source = Matrix;
        nint start = TensorMemory.Of(expanded);
        WeightFormat target = DecodeWeights.FormatOf(type);
        long rowBytes = WeightMatrix.BytesOf(target, Columns);
        Parallel.For(
            0,
            Rows,
            () => new float[Columns],
            (row, _, values) =>
            {
                WeightQuantizer.Expand(source, row, values);
                RowOperations.Narrow(values, (byte*)start + (row * rowBytes), target);
                return values;
            },
            static _ => { }
        );
        return expanded;
    }

    /// <summary>
    /// A product with codes of 8 bits as they are, where no kernel reads them: every code is a number of the input's type, so the scales
    /// may follow the product, and no scaled copy of the weight is made.
    /// </summary>
    /// <param name="input">[…, columns], on the weight's device.</param>
    /// <returns>[…, rows], in the input's type and the caller's scope.</returns>
    public Tensor MultiplyCodes(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor sums = nn.functional.linear(input, Codes.to(input.dtype));
        return (sums.to(ScalarType.Float32) * Scales).to(input.dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Codes.Dispose();
        Scales.Dispose();
    }
}
