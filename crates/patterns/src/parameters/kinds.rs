//! The kinds of value that configurations are made of.

use super::{Bounds, NumberShape, Parameter, Shape, Value};

/// Whole numbers are written as JSON's numbers, which are exact up to here.
const MOST_WHOLE: f64 = (1_u64 << 53) as f64;

macro_rules! numbers {
    ($($ty:ty: $whole:literal, $min:expr, $max:expr;)*) => {$(
        impl Parameter for $ty {
            fn shape(&self) -> Shape {
                Shape::Number(NumberShape { whole: $whole, bounds: Bounds { min: $min, max: $max } })
            }

            fn value(&self) -> Value {
                Value::Number(*self as f64)
            }

            fn set_value(&mut self, value: &Value) {
                if let Value::Number(number) = value {
                    *self = *number as $ty;
                }
            }
        }
    )*};
}
numbers! {
    f64: false, f64::MIN, f64::MAX;
    u32: true, 0.0, u32::MAX as f64;
    u64: true, 0.0, MOST_WHOLE;
}

impl Parameter for bool {
    fn shape(&self) -> Shape {
        Shape::Flag
    }

    fn value(&self) -> Value {
        Value::Bool(*self)
    }

    fn set_value(&mut self, value: &Value) {
        *self = *value == Value::Bool(true);
    }
}

/// The bounds, where given, are those of the length in characters.
impl Parameter for String {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn set_value(&mut self, value: &Value) {
        if let Value::Text(text) = value {
            self.clone_from(text);
        }
    }
}

impl<T: Parameter + Default> Parameter for Option<T> {
    fn shape(&self) -> Shape {
        Shape::Optional
    }

    fn length(&self) -> usize {
        usize::from(self.is_some())
    }

    fn set_length(&mut self, length: usize) {
        *self = (length > 0).then(T::default);
    }

    fn part(&self, _index: usize) -> Option<&dyn Parameter> {
        self.as_ref().map(|part| part as &dyn Parameter)
    }

    fn part_mut(&mut self, _index: usize) -> Option<&mut dyn Parameter> {
        self.as_mut().map(|part| part as &mut dyn Parameter)
    }
}

impl<T: Parameter + Default> Parameter for Vec<T> {
    fn shape(&self) -> Shape {
        Shape::List
    }

    fn length(&self) -> usize {
        self.len()
    }

    fn set_length(&mut self, length: usize) {
        self.clear();
        self.resize_with(length, T::default);
    }

    fn part(&self, index: usize) -> Option<&dyn Parameter> {
        self.get(index).map(|part| part as &dyn Parameter)
    }

    fn part_mut(&mut self, index: usize) -> Option<&mut dyn Parameter> {
        self.get_mut(index).map(|part| part as &mut dyn Parameter)
    }
}

impl<A: Parameter, B: Parameter> Parameter for (A, B) {
    fn shape(&self) -> Shape {
        Shape::Tuple
    }

    fn length(&self) -> usize {
        2
    }

    fn part(&self, index: usize) -> Option<&dyn Parameter> {
        Some(if index == 0 { &self.0 } else { &self.1 })
    }

    fn part_mut(&mut self, index: usize) -> Option<&mut dyn Parameter> {
        Some(if index == 0 { &mut self.0 } else { &mut self.1 })
    }
}
